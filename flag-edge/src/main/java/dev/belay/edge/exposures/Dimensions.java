// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge.exposures;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.rollouts.RolloutState;
import org.jspecify.annotations.Nullable;

/** The properties of a unit that its rollout's plan watches by. */
public final class Dimensions {
    private static final int MAX_VALUE = 200;

    private Dimensions() {}

    /**
     * Returns the watched properties that the unit has. One of more than 200 characters names no segment of users.
     *
     * @param rollout rollout in force; null for none
     * @param property gives a property of the unit, null for none
     */
    public static Map<String, String> of(
            @Nullable RolloutState rollout, Function<String, @Nullable JsonNode> property) {
        Plan plan = rollout == null ? null : rollout.plan();
        if (plan == null || plan.watchBy().isEmpty()) {
            return Map.of();
        }
        Map<String, String> found = new LinkedHashMap<>();
        for (String name : plan.watchBy()) {
            JsonNode value = property.apply(name);
            if (value != null
                    && value.isValueNode()
                    && !value.isNull()
                    && value.asText().length() <= MAX_VALUE) {
                found.put(name, value.asText());
            }
        }
        return found;
    }
}
