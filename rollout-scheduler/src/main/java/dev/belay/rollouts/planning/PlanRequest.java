// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts.planning;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.belay.contracts.Require;
import dev.belay.contracts.rollouts.Clause;
import dev.belay.judging.planning.Traffic;
import dev.belay.manifest.Document;
import dev.belay.manifest.ManifestException;
import dev.belay.manifest.Manifests;
import org.jspecify.annotations.Nullable;

/**
 * What is asked: documents, and the traffic as far as the asker knows it better.
 *
 * @param documents a Rollout or a RolloutTemplate, perhaps with the templates and metrics they name
 * @param traffic what was given; what is not, is looked up
 */
record PlanRequest(List<Document> documents, Traffic traffic) {
    private static final String MANIFEST = "manifest";
    private static final String TRAFFIC = "traffic";

    /**
     * Reads documents as they are, or {@code { manifest: …, traffic: { unitsPerHour: …, metrics: … } }}.
     *
     * @throws ManifestException if a document is refused
     * @throws IllegalArgumentException if the traffic is; the message names field, rule and value
     */
    static PlanRequest of(String text) {
        List<JsonNode> trees = Manifests.trees(text);
        JsonNode first = trees.get(0);
        if (trees.size() != 1 || !first.has(MANIFEST)) {
            return new PlanRequest(Manifests.parse(text), Traffic.UNKNOWN);
        }
        first.fieldNames()
                .forEachRemaining(field -> Require.that(
                        field.equals(MANIFEST) || field.equals(TRAFFIC),
                        "request",
                        "must hold manifest and traffic only",
                        field));
        JsonNode manifest = first.get(MANIFEST);
        List<JsonNode> documents = manifest.isTextual() ? Manifests.trees(manifest.textValue()) : List.of(manifest);
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        documents.forEach(each -> {
            if (each.isArray()) {
                all.addAll((ArrayNode) each);
            } else {
                all.add(each);
            }
        });
        return new PlanRequest(Manifests.parse(all.toString()), traffic(first.path(TRAFFIC)));
    }

    private static Traffic traffic(JsonNode node) {
        if (node.isMissingNode() || node.isNull()) {
            return Traffic.UNKNOWN;
        }
        Require.that(node.isObject(), TRAFFIC, "must be an object", node);
        node.fieldNames()
                .forEachRemaining(field -> Require.that(
                        List.of("unitsPerHour", "metrics").contains(field),
                        TRAFFIC,
                        "must hold unitsPerHour and metrics only",
                        field));
        Map<String, Double> units = new HashMap<>();
        JsonNode perHour = node.path("unitsPerHour");
        if (perHour.isNumber()) {
            units.put(Clause.REST, perHour.doubleValue());
        } else {
            requireObject(perHour, TRAFFIC + ".unitsPerHour");
            perHour.properties()
                    .forEach(each -> units.put(
                            each.getKey(), number(each.getValue(), TRAFFIC + ".unitsPerHour." + each.getKey())));
        }
        Map<String, Traffic.Level> metrics = new HashMap<>();
        requireObject(node.path("metrics"), TRAFFIC + ".metrics");
        node.path("metrics")
                .properties()
                .forEach(each ->
                        metrics.put(each.getKey(), level(each.getValue(), TRAFFIC + ".metrics." + each.getKey())));
        return new Traffic(units, metrics);
    }

    private static Traffic.Level level(JsonNode node, String path) {
        if (node.isNumber()) {
            return Traffic.Level.ofRate(node.doubleValue());
        }
        requireObject(node, path);
        return new Traffic.Level(
                optional(node, "rate", path), optional(node, "mean", path), optional(node, "spread", path));
    }

    private static @Nullable Double optional(JsonNode node, String field, String path) {
        return node.has(field) ? number(node.get(field), path + "." + field) : null;
    }

    private static double number(JsonNode node, String path) {
        Require.that(node.isNumber(), path, "must be a number", node);
        return node.doubleValue();
    }

    private static void requireObject(JsonNode node, String path) {
        Require.that(node.isMissingNode() || node.isObject(), path, "must be an object", node);
    }
}
