// SPDX-License-Identifier: Apache-2.0
package dev.belay.contracts.verdicts;

import java.util.Map;
import java.util.TreeMap;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.belay.contracts.Require;

/**
 * Values of both arms, as numbers of units by logarithmic bin: bin 0 holds 0, each other is 2 % wider than the one before.
 *
 * @param control units of control by bin
 * @param treatment units of the treatment by bin
 */
public record MetricValues(Map<Integer, Long> control, Map<Integer, Long> treatment) {
    /** @throws IllegalArgumentException if a bin or a number is negative */
    public MetricValues {
        control = checked(control);
        treatment = checked(treatment);
    }

    /** Returns whether there are none. */
    @JsonIgnore
    public boolean isEmpty() {
        return control.isEmpty() && treatment.isEmpty();
    }

    private static Map<Integer, Long> checked(Map<Integer, Long> values) {
        Map<Integer, Long> all = new TreeMap<>(values == null ? Map.of() : values);
        all.forEach((bin, count) -> {
            Require.notNegative(bin, "bin");
            Require.notNegative(count, "count");
        });
        return all;
    }
}
