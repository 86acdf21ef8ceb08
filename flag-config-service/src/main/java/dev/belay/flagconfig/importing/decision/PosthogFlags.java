// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.importing.decision;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.belay.contracts.Json;
import org.jspecify.annotations.Nullable;

/**
 * Reads PostHog's flags: an answer of its API with {@code results}, a local-evaluation feed with {@code flags}, {@code cohorts}
 * and {@code group_type_mapping}, a list, or one flag. Pure. Both products hash alike, so that units stay in their buckets.
 *
 * <p>A boolean flag becomes one with the variants on and off; a multivariate flag one of type string whose variants are their
 * own values, with off for those whom no condition holds for. Release conditions become rules in their order.
 */
public final class PosthogFlags {
    /** Variant of those whom no condition holds for. */
    static final String OFF = "off";

    private static final String ON = "on";
    private static final String REST = "true";
    private static final double ALL = 100;
    private static final double TOLERANCE = 1e-9;
    private static final String API_VERSION = "belay.dev/v1";
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final String project;
    private final String environment;
    private final JsonNode groupTypes;
    private final JsonNode cohorts;
    private final Set<String> named = new TreeSet<>();

    private PosthogFlags(String project, String environment, JsonNode all) {
        this.project = project;
        this.environment = environment;
        this.groupTypes = all.path("group_type_mapping");
        this.cohorts = all.path("cohorts");
    }

    /**
     * Returns what becomes of everything, segments first and each in the order of its name.
     *
     * @param all what PostHog gave
     * @throws IllegalArgumentException if it holds no flags
     */
    public static List<Translation> translate(JsonNode all, String project, String environment) {
        PosthogFlags reader = new PosthogFlags(project, environment, all);
        List<Translation> flags = flags(all).stream()
                .filter(flag -> !flag.path("deleted").asBoolean())
                .map(reader::flag)
                .sorted(Comparator.comparing(Translation::name))
                .toList();
        List<Translation> segments = reader.named.stream().map(reader::segment).toList();
        return Stream.concat(segments.stream(), flags.stream()).toList();
    }

    private static List<JsonNode> flags(JsonNode all) {
        JsonNode list = all.isArray() ? all : all.has("results") ? all.get("results") : all.path("flags");
        if (list.isArray()) {
            return StreamSupport.stream(list.spliterator(), false).toList();
        }
        if (all.has("key") && all.has("filters")) {
            return List.of(all);
        }
        throw new IllegalArgumentException(
                "document must hold PostHog's flags: flags, results, a list, or one with key and filters, was "
                        + all.getNodeType());
    }

    private Translation flag(JsonNode flag) {
        return new One(flag).translated();
    }

    private Translation segment(String id) {
        List<Translation.Refusal> refusals = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        PosthogProperties properties = new PosthogProperties(
                (field, rule, value) -> refusals.add(new Translation.Refusal(field, rule, value)));
        String name = PosthogProperties.COHORT + id;
        ObjectNode spec = NODES.objectNode().put("project", project);
        ArrayNode anyOf = alternatives(cohorts.path(id), properties, "cohorts." + id, refusals);
        if (anyOf.isEmpty()) {
            notes.add("cohort " + id + " came without rules: its list of people is empty, until you fill it");
            spec.putArray("members");
        } else {
            spec.set("anyOf", anyOf);
        }
        if (!named.containsAll(properties.cohorts())) {
            refusals.add(new Translation.Refusal(
                    "cohorts." + id, "must name cohorts that flags name too", String.join(", ", properties.cohorts())));
        }
        return new Translation(
                "Segment", name, refusals.isEmpty() ? document("Segment", name, spec) : null, refusals, notes);
    }

    /** A cohort is an OR of ANDs; an AND of properties is one alternative. */
    private static ArrayNode alternatives(
            JsonNode cohort, PosthogProperties properties, String path, List<Translation.Refusal> refusals) {
        ArrayNode anyOf = NODES.arrayNode();
        JsonNode values = cohort.path("values");
        boolean isOr = cohort.path("type").asText().equalsIgnoreCase("OR");
        if (!isOr && values.size() > 0) {
            if (values.get(0).has("values")) {
                refusals.add(new Translation.Refusal(
                        path + ".type",
                        "must be OR of ANDs",
                        cohort.path("type").asText()));
            } else {
                anyOf.addObject().set("match", properties.conditions(values, path + ".values"));
            }
            return anyOf;
        }
        for (int i = 0; i < values.size(); i++) {
            JsonNode value = values.get(i);
            String at = path + ".values[" + i + "]";
            boolean isGroup = value.has("values");
            boolean isAnd = value.path("type").asText().equalsIgnoreCase("AND");
            if (isGroup && !isAnd && value.get("values").size() > 1) {
                value.get("values").forEach(each -> anyOf.addObject()
                        .set("match", properties.conditions(NODES.arrayNode().add(each), at)));
            } else {
                JsonNode conditions =
                        isGroup ? value.get("values") : NODES.arrayNode().add(value);
                anyOf.addObject().set("match", properties.conditions(conditions, at));
            }
        }
        return anyOf;
    }

    private static ObjectNode document(String kind, String name, ObjectNode spec) {
        ObjectNode document = NODES.objectNode().put("apiVersion", API_VERSION).put("kind", kind);
        document.putObject("metadata").put("name", name);
        document.set("spec", spec);
        return document;
    }

    private static String percent(double percent) {
        return new BigDecimal(Double.toString(percent)).stripTrailingZeros().toPlainString() + "%";
    }

    /** One flag on its way. */
    private final class One {
        private final JsonNode flag;
        private final JsonNode filters;
        private final List<Translation.Refusal> refusals = new ArrayList<>();
        private final List<String> notes = new ArrayList<>();
        private final PosthogProperties properties = new PosthogProperties(this::refuse);
        private final List<String> variants = new ArrayList<>();
        private final ObjectNode split = NODES.objectNode();
        private final String off;

        One(JsonNode flag) {
            this.flag = flag;
            this.filters = flag.path("filters");
            boolean isTaken = false;
            for (JsonNode variant : filters.path("multivariate").path("variants")) {
                isTaken |= variant.path("key").asText().equals(OFF);
            }
            this.off = isTaken ? "no-condition-holds" : OFF;
        }

        Translation translated() {
            String name = flag.path("key").asText();
            ObjectNode spec = spec();
            named.addAll(properties.cohorts());
            return new Translation(
                    "Flag", name, refusals.isEmpty() ? document("Flag", name, spec) : null, refusals, notes);
        }

        private ObjectNode spec() {
            ObjectNode spec = NODES.objectNode().put("project", project).put("environment", environment);
            String title = flag.path("name").asText("");
            if (!title.isBlank()) {
                spec.put("title", title);
            }
            boolean isMultivariate = readVariants();
            spec.put("type", isMultivariate ? "string" : "boolean");
            spec.put("enabled", flag.path("active").asBoolean(true));
            ObjectNode values = spec.putObject("variants");
            if (isMultivariate) {
                variants.forEach(variant -> values.put(variant, variant));
                values.put(off, off);
            } else {
                values.put(ON, true).put(OFF, false);
            }
            payloads(spec);
            spec.put("off", off).put("default", off);
            spec.put("bucketBy", unit());
            ArrayNode rules = rules(isMultivariate);
            if (!rules.isEmpty()) {
                spec.set("rules", rules);
            }
            optIn(spec, isMultivariate);
            holdout(spec);
            if (flag.path("ensure_experience_continuity").asBoolean()) {
                notes.add("ensure_experience_continuity is left out: a unit keeps its bucket by its id only");
            }
            return spec;
        }

        private boolean readVariants() {
            JsonNode list = filters.path("multivariate").path("variants");
            double sum = 0;
            for (int i = 0; i < list.size(); i++) {
                String key = list.get(i).path("key").asText();
                double share = list.get(i).path("rollout_percentage").asDouble();
                variants.add(key);
                split.put(key, percent(share));
                sum += share;
            }
            if (variants.isEmpty()) {
                return false;
            }
            if (sum > ALL + TOLERANCE) {
                refuse("filters.multivariate.variants", "must add up to at most 100", sum);
            } else if (sum < ALL - TOLERANCE) {
                variants.add(REST);
                split.put(REST, percent(ALL - sum));
                notes.add("variants add up to " + percent(sum) + ": the rest gets the variant " + REST);
            }
            return true;
        }

        private void payloads(ObjectNode spec) {
            ObjectNode payloads = NODES.objectNode();
            filters.path("payloads").properties().forEach(entry -> {
                String variant = variants.isEmpty() && entry.getKey().equals("true") ? ON : entry.getKey();
                boolean isKnown = variants.isEmpty() ? variant.equals(ON) : variants.contains(variant);
                if (isKnown && !entry.getValue().isNull()) {
                    payloads.set(variant, payload(entry.getKey(), entry.getValue()));
                } else if (!isKnown) {
                    notes.add("the payload of " + entry.getKey() + " is left out: there is no such variant");
                }
            });
            if (!payloads.isEmpty()) {
                spec.set("payloads", payloads);
            }
        }

        /** Payloads travel as JSON in a text. */
        private JsonNode payload(String variant, JsonNode value) {
            if (!value.isTextual()) {
                return value;
            }
            try {
                JsonNode read = Json.mapper().readTree(value.textValue());
                return read.isMissingNode() || read.isNull() ? value : read;
            } catch (JsonProcessingException e) {
                notes.add("the payload of " + variant + " is no JSON, and stays a text");
                return value;
            }
        }

        private String unit() {
            JsonNode group = filters.path("aggregation_group_type_index");
            if (group.isInt()) {
                return group(group, "filters.aggregation_group_type_index");
            }
            return flag.path("bucketing_identifier").asText().equals("device_id") ? "device" : "user";
        }

        private String group(JsonNode index, String field) {
            String name = groupTypes.path(index.asText()).asText("");
            if (name.isEmpty()) {
                refuse(field, "must be in group_type_mapping", index.asInt());
                return "group";
            }
            notes.add("the context names the group by an attribute " + name
                    + ", and its properties by attributes of their own names");
            return name;
        }

        private ArrayNode rules(boolean isMultivariate) {
            ArrayNode rules = NODES.arrayNode();
            JsonNode groups = filters.path("groups");
            for (int i = 0; i < groups.size(); i++) {
                JsonNode group = groups.get(i);
                String path = "filters.groups[" + i + "]";
                JsonNode own = group.path("aggregation_group_type_index");
                if (group.has("aggregation_group_type_index")
                        && !own.asText("")
                                .equals(filters.path("aggregation_group_type_index")
                                        .asText(""))) {
                    refuse(path + ".aggregation_group_type_index", "must be that of the flag", own.asText());
                }
                rules.add(rule(group, path, isMultivariate));
                double share = group.path("rollout_percentage").asDouble(ALL);
                if (filters.path("early_exit").asBoolean() && share < ALL) {
                    ObjectNode exit = rules.addObject();
                    exit.set("when", properties.conditions(group.path("properties"), path + ".properties"));
                    exit.put("serve", off);
                }
            }
            return rules;
        }

        private ObjectNode rule(JsonNode group, String path, boolean isMultivariate) {
            ObjectNode rule = NODES.objectNode();
            rule.set("when", properties.conditions(group.path("properties"), path + ".properties"));
            if (group.path("rollout_percentage").isNumber()) {
                rule.put("percent", percent(group.get("rollout_percentage").doubleValue()));
            }
            String variant = group.path("variant").asText("");
            if (!isMultivariate) {
                rule.put("serve", ON);
            } else if (variants.contains(variant)) {
                rule.put("serve", variant);
            } else {
                rule.putObject("serve").set("split", split);
            }
            return rule;
        }

        private void optIn(ObjectNode spec, boolean isMultivariate) {
            boolean isOffered = filters.path("feature_enrollment").asBoolean()
                    || filters.path("super_groups").size() > 0;
            if (isOffered) {
                String in = isMultivariate ? variants.get(0) : ON;
                spec.putObject("optIn").put("in", in).put("out", off);
                if (isMultivariate) {
                    notes.add("who opts in gets " + in + " here, and one of the variants in PostHog");
                }
            }
        }

        private void holdout(ObjectNode spec) {
            JsonNode holdout = filters.path("holdout");
            JsonNode older = filters.path("holdout_groups").path(0);
            double share = holdout.isObject()
                    ? holdout.path("exclusion_percentage").asDouble()
                    : older.path("rollout_percentage").asDouble();
            String id = holdout.isObject()
                    ? "holdout-" + holdout.path("id").asText()
                    : older.path("variant").asText("");
            if (holdout.isObject() || older.isObject()) {
                spec.putObject("holdout")
                        .put("id", id)
                        .put("percent", percent(share))
                        .put("serve", off);
                notes.add("who is held out gets " + off + " here, and a variant " + id + " in PostHog");
            }
        }

        private void refuse(String field, String rule, @Nullable Object value) {
            refusals.add(new Translation.Refusal(field, rule, value));
        }
    }
}
