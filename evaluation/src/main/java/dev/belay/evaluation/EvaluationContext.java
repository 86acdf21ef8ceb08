// SPDX-License-Identifier: Apache-2.0
package dev.belay.evaluation;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.belay.contracts.Unit;
import org.jspecify.annotations.Nullable;

/**
 * For whom a flag is evaluated.
 *
 * @param targetingKey id of the user; null when the caller named none
 * @param attributes what is known of the unit; ids of units of other kinds are attributes named after the kind
 * @param now what relative dates of conditions count from
 */
public record EvaluationContext(@Nullable String targetingKey, Map<String, JsonNode> attributes, Instant now) {
    /** Name of the attribute that holds the targeting key in conditions. */
    public static final String TARGETING_KEY = "targetingKey";

    /** A blank targeting key is none. */
    public EvaluationContext {
        targetingKey = targetingKey == null || targetingKey.isBlank() ? null : targetingKey;
    }

    /** Returns a context for one unit, whatever its kind. */
    public static EvaluationContext of(Unit unit, Map<String, JsonNode> attributes, Instant now) {
        if (unit.kind().equals(Unit.USER)) {
            return new EvaluationContext(unit.id(), attributes, now);
        }
        Map<String, JsonNode> all = new LinkedHashMap<>(attributes);
        all.put(unit.kind(), TextNode.valueOf(unit.id()));
        return new EvaluationContext(null, all, now);
    }

    /** Returns the id of the context's unit of that kind; null when it names none. */
    public @Nullable String unit(String kind) {
        if (kind.equals(Unit.USER) && targetingKey != null) {
            return targetingKey;
        }
        JsonNode id = attributes.get(kind);
        if (id == null || !(id.isTextual() || id.isIntegralNumber())) {
            return null;
        }
        return id.asText().isBlank() ? null : id.asText();
    }

    /** Returns an attribute; null when the context lacks it. */
    public @Nullable JsonNode attribute(String name) {
        JsonNode value = attributes.get(name);
        return value == null && targetingKey != null && name.equals(TARGETING_KEY)
                ? TextNode.valueOf(targetingKey)
                : value;
    }
}
