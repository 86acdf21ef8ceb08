// SPDX-License-Identifier: Apache-2.0
package dev.belay.contracts.flags;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.contracts.Require;
import org.jspecify.annotations.Nullable;

/**
 * A claim about a unit: a property compares, or the unit is in a segment.
 *
 * @param property name of a context property, or {@code $flag/<key>} for the variant that another flag of the environment
 *     serves the unit; null for a segment condition
 * @param operator how the property is compared; null for a segment condition
 * @param value what it is compared with; a list means any of them; null where the operator needs none
 * @param segment name of a segment of the project; null for a property condition
 * @param negate whether the unit must not be in the segment; false for property conditions
 */
public record Condition(
        @Nullable String property,
        @Nullable Operator operator,
        @Nullable JsonNode value,
        @Nullable String segment,
        @Nullable Boolean negate) {
    /** How the properties begin that stand for what another flag serves. */
    public static final String FLAG = "$flag/";

    /** @throws IllegalArgumentException unless it names either a property with an operator or a segment */
    public Condition {
        Require.that((property == null) != (segment == null), "condition", "names a property or a segment", property);
        if (segment != null) {
            Require.name(segment, "condition.segment");
            Require.that(operator == null, "condition.operator", "belongs to a property", operator);
        } else {
            String named = Require.text(property, "condition.property");
            if (named.startsWith(FLAG)) {
                Require.name(named.substring(FLAG.length()), "condition.property");
            }
            Require.nonNull(operator, "condition.operator");
            boolean needsValue = operator != Operator.IS_SET && operator != Operator.IS_NOT_SET;
            Require.that(!needsValue || value != null, "condition.value", "is required by " + operator, value);
        }
    }

    public static Condition of(String property, Operator operator, JsonNode value) {
        return new Condition(property, operator, value, null, null);
    }

    public static Condition inSegment(String segment) {
        return new Condition(null, null, null, segment, null);
    }

    /** Returns the key of the flag whose variant it is about; null for every other condition. */
    public @Nullable String flag() {
        return property != null && property.startsWith(FLAG) ? property.substring(FLAG.length()) : null;
    }

    /** Returns whether this is a segment condition that must not hold. */
    public boolean negated() {
        return Boolean.TRUE.equals(negate);
    }
}
