// SPDX-License-Identifier: Apache-2.0
package dev.belay.cli;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.belay.contracts.Json;
import dev.belay.manifest.ChannelDocument;
import dev.belay.manifest.Document;
import dev.belay.manifest.FlagDocument;
import dev.belay.manifest.ManifestException;
import dev.belay.manifest.ManifestForm;
import dev.belay.manifest.Manifests;
import dev.belay.manifest.MetricDocument;
import dev.belay.manifest.SegmentDocument;
import dev.belay.manifest.TemplateDocument;

/** Documents as they mean the same whoever wrote them, so that they can be compared. */
final class Canonical {
    private static final long FIRST = 1;

    private Canonical() {}

    /** Returns the document with all its defaults written down. */
    static JsonNode of(Document document) {
        if (document instanceof FlagDocument flag) {
            return ManifestForm.of(flag.toDefinition(FIRST, Instant.EPOCH));
        }
        if (document instanceof SegmentDocument segment) {
            return ManifestForm.of(segment.toDefinition(FIRST, Instant.EPOCH));
        }
        if (document instanceof MetricDocument metric) {
            return ManifestForm.of(metric.toDefinition(FIRST, Instant.EPOCH));
        }
        if (document instanceof TemplateDocument template) {
            return ManifestForm.of(template.toDefinition(FIRST, Instant.EPOCH));
        }
        if (document instanceof ChannelDocument channel) {
            // Its address is a secret that no server gives back: only what can be compared is.
            return JsonNodeFactory.instance
                    .objectNode()
                    .put("type", Json.tree(channel.type()).asText());
        }
        throw new IllegalArgumentException(
                "document must have one form, was " + document.kind().text());
    }

    /** Returns what a server gave, in the same form; as it is where it cannot be read as a document. */
    static JsonNode of(JsonNode given) {
        if (!given.has("kind")) {
            ObjectNode channel = JsonNodeFactory.instance.objectNode();
            return channel.put("type", given.path("type").asText());
        }
        try {
            ObjectNode written = JsonNodeFactory.instance.objectNode();
            for (String field : List.of("apiVersion", "kind", "metadata", "spec")) {
                if (given.has(field)) {
                    written.set(field, given.get(field));
                }
            }
            written.withObject("/metadata").retain("name");
            return of(Manifests.parse(written.toString()).get(0));
        } catch (ManifestException e) {
            return given;
        }
    }

    /** Returns a line for each place where they differ: {@code spec.within: 24h -> 48h}. */
    static List<String> changes(JsonNode there, JsonNode wanted) {
        List<String> changes = new ArrayList<>();
        compare("", there, wanted, changes);
        return changes;
    }

    private static void compare(String path, JsonNode there, JsonNode wanted, List<String> changes) {
        if (there.equals(wanted)) {
            return;
        }
        if (there.isObject() && wanted.isObject()) {
            Set<String> names = new LinkedHashSet<>();
            there.fieldNames().forEachRemaining(names::add);
            wanted.fieldNames().forEachRemaining(names::add);
            names.forEach(name ->
                    compare(path.isEmpty() ? name : path + "." + name, there.path(name), wanted.path(name), changes));
        } else if (there.isArray() && wanted.isArray()) {
            for (int i = 0; i < Math.max(there.size(), wanted.size()); i++) {
                compare(path + "[" + i + "]", there.path(i), wanted.path(i), changes);
            }
        } else {
            changes.add(path + ": " + shown(there) + " -> " + shown(wanted));
        }
    }

    private static String shown(JsonNode node) {
        return node.isMissingNode() ? "nothing" : node.isValueNode() ? node.asText() : node.toString();
    }
}
