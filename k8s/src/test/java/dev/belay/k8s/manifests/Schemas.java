// SPDX-License-Identifier: Apache-2.0
package dev.belay.k8s.manifests;

import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import io.kubernetes.client.custom.QuantityFormatException;
import io.kubernetes.client.openapi.JSON;
import org.jspecify.annotations.Nullable;

/**
 * The schemas of Kubernetes, as its Java client has them: fields that do not exist and fields that are missing, at any depth.
 * Types are held by reading an object and writing it again, which must change nothing; the forms of texts by the rules of
 * the API server.
 */
final class Schemas {
    private static final Map<String, String> VERSIONS = Map.ofEntries(
            Map.entry("Deployment", "apps/v1"),
            Map.entry("StatefulSet", "apps/v1"),
            Map.entry("Service", "v1"),
            Map.entry("ServiceAccount", "v1"),
            Map.entry("ConfigMap", "v1"),
            Map.entry("Namespace", "v1"),
            Map.entry("Ingress", "networking.k8s.io/v1"),
            Map.entry("NetworkPolicy", "networking.k8s.io/v1"),
            Map.entry("PodDisruptionBudget", "policy/v1"));

    private static final String LABEL = "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?";
    private static final Pattern DNS_LABEL = Pattern.compile(LABEL);
    private static final Pattern DNS_SUBDOMAIN = Pattern.compile(LABEL + "(\\." + LABEL + ")*");
    private static final Pattern LABEL_VALUE = Pattern.compile("([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?");
    private static final Pattern QUALIFIED =
            Pattern.compile("(" + LABEL + "(\\." + LABEL + ")*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?");
    private static final Pattern ENVIRONMENT = Pattern.compile("[A-Z][A-Z0-9_]*");
    private static final Pattern PORT_NAME = Pattern.compile("(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*");
    private static final int MAX_PORT_NAME = 15;
    private static final int MAX_PORT = 65_535;

    private static final Map<String, Set<String>> WORDS = Map.ofEntries(
            Map.entry("protocol", Set.of("TCP", "UDP", "SCTP")),
            Map.entry("pathType", Set.of("Exact", "Prefix", "ImplementationSpecific")),
            Map.entry("imagePullPolicy", Set.of("Always", "IfNotPresent", "Never")),
            Map.entry("policyTypes", Set.of("Ingress", "Egress")),
            Map.entry("operator", Set.of("In", "NotIn", "Exists", "DoesNotExist")),
            Map.entry("whenUnsatisfiable", Set.of("DoNotSchedule", "ScheduleAnyway")),
            Map.entry("accessModes", Set.of("ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod")),
            Map.entry("podManagementPolicy", Set.of("OrderedReady", "Parallel")),
            Map.entry("fsGroupChangePolicy", Set.of("OnRootMismatch", "Always")),
            Map.entry("restartPolicy", Set.of("Always", "OnFailure", "Never")));

    private Schemas() {}

    /** Returns everything that is wrong with an object. */
    static List<String> faults(Manifest manifest) {
        String version = VERSIONS.get(manifest.kind());
        if (version == null) {
            return List.of("kind " + manifest.kind() + " has no schema here");
        }
        if (!version.equals(manifest.apiVersion())) {
            return List.of("apiVersion must be " + version + ", was " + manifest.apiVersion());
        }
        JsonElement json = JsonParser.parseString(manifest.json().toString());
        List<String> faults = new ArrayList<>(structure(manifest.kind(), json));
        if (faults.isEmpty()) {
            forms("", json.getAsJsonObject(), faults);
        }
        return faults;
    }

    private static List<String> structure(String kind, JsonElement json) {
        try {
            Class<?> type = Class.forName("io.kubernetes.client.openapi.models.V1" + kind);
            type.getMethod("validateJsonElement", JsonElement.class).invoke(null, json);
            JsonElement again = JSON.getGson().toJsonTree(JSON.getGson().fromJson(json, type));
            List<String> changes = new ArrayList<>();
            compare("", json, again, changes);
            return changes;
        } catch (InvocationTargetException e) {
            return List.of(String.valueOf(e.getCause().getMessage()));
        } catch (JsonParseException | NumberFormatException | QuantityFormatException e) {
            return List.of(String.valueOf(e.getMessage()));
        } catch (IllegalArgumentException e) {
            return List.of("a text has not the form it needs: " + e.getMessage());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("no schema of " + kind, e);
        }
    }

    private static void compare(String path, JsonElement written, JsonElement read, List<String> changes) {
        if (written.isJsonObject() && read.isJsonObject()) {
            Set<String> names = new TreeSet<>(written.getAsJsonObject().keySet());
            for (String name : names) {
                JsonElement value = read.getAsJsonObject().get(name);
                if (value == null) {
                    changes.add(path + "/" + name + " is not understood");
                } else {
                    compare(path + "/" + name, written.getAsJsonObject().get(name), value, changes);
                }
            }
        } else if (written.isJsonArray()
                && read.isJsonArray()
                && written.getAsJsonArray().size() == read.getAsJsonArray().size()) {
            for (int i = 0; i < written.getAsJsonArray().size(); i++) {
                compare(
                        path + "/" + i,
                        written.getAsJsonArray().get(i),
                        read.getAsJsonArray().get(i),
                        changes);
            }
        } else if (!written.equals(read) || isText(written) != isText(read)) {
            changes.add(path + " was " + written + ", which is read as " + read);
        }
    }

    private static boolean isText(JsonElement value) {
        return value.isJsonPrimitive() && value.getAsJsonPrimitive().isString();
    }

    private static void forms(String path, JsonObject object, List<String> faults) {
        for (Map.Entry<String, JsonElement> entry : object.entrySet()) {
            String name = entry.getKey();
            String where = path + "/" + name;
            JsonElement value = entry.getValue();
            switch (name) {
                case "labels", "matchLabels" -> labels(where, value.getAsJsonObject(), faults);
                case "annotations" -> qualified(where, value.getAsJsonObject(), faults);
                case "data", "stringData", "limits", "requests" -> {
                    // Free names, or read as quantities already.
                }
                default -> value(where, name, value, faults);
            }
        }
        if (path.equals("/metadata")) {
            text(path + "/name", object.get("name"), DNS_SUBDOMAIN, faults);
        }
    }

    private static void value(String where, String name, JsonElement value, List<String> faults) {
        if (value.isJsonObject()) {
            forms(where, value.getAsJsonObject(), faults);
        } else if (value.isJsonArray()) {
            int index = 0;
            for (JsonElement element : value.getAsJsonArray()) {
                value(where + "/" + index++, name, element, faults);
            }
        } else if (value.isJsonPrimitive()) {
            primitive(where, name, value.getAsJsonPrimitive(), faults);
        }
    }

    private static void primitive(String where, String name, JsonPrimitive value, List<String> faults) {
        Set<String> words = WORDS.get(name);
        if (words != null && !words.contains(value.getAsString()) && !where.contains("/env/")) {
            faults.add(where + " must be one of " + words + ", was " + value);
        }
        switch (name) {
            case "port", "containerPort", "targetPort" -> port(where, value, faults);
            case "serviceName", "serviceAccountName" -> text(where, value, DNS_LABEL, faults);
            case "name" -> named(where, value, faults);
            default -> {
                if (name.endsWith("Seconds") || name.endsWith("Threshold") || name.equals("replicas")) {
                    notNegative(where, value, faults);
                }
            }
        }
    }

    private static void named(String where, JsonPrimitive value, List<String> faults) {
        if (where.matches(".*/env/\\d+/name")) {
            text(where, value, ENVIRONMENT, faults);
        } else if (where.matches(".*/ports/\\d+/name") || where.endsWith("/port/name")) {
            port(where, value, faults);
        } else {
            text(where, value, DNS_SUBDOMAIN, faults);
        }
    }

    private static void port(String where, JsonPrimitive value, List<String> faults) {
        if (value.isNumber()) {
            if (value.getAsInt() < 1 || value.getAsInt() > MAX_PORT) {
                faults.add(where + " must be a port, was " + value);
            }
        } else if (value.getAsString().length() > MAX_PORT_NAME
                || !PORT_NAME.matcher(value.getAsString()).matches()) {
            faults.add(where + " must be the name of a port, was " + value);
        }
    }

    private static void notNegative(String where, JsonPrimitive value, List<String> faults) {
        if (value.getAsLong() < 0) {
            faults.add(where + " must not be negative, was " + value);
        }
    }

    private static void labels(String where, JsonObject labels, List<String> faults) {
        qualified(where, labels, faults);
        labels.entrySet().forEach(label -> text(where + "/" + label.getKey(), label.getValue(), LABEL_VALUE, faults));
    }

    private static void qualified(String where, JsonObject map, List<String> faults) {
        for (String key : map.keySet()) {
            if (!QUALIFIED.matcher(key).matches()) {
                faults.add(where + " must have qualified names, was " + key);
            }
        }
    }

    private static void text(String where, @Nullable JsonElement value, Pattern form, List<String> faults) {
        if (value == null
                || !isText(value)
                || !form.matcher(value.getAsString()).matches()) {
            faults.add(where + " must have the form " + form + ", was " + value);
        }
    }
}
