// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.planning;

import java.util.HashMap;
import java.util.Map;

import dev.belay.contracts.Require;
import org.jspecify.annotations.Nullable;

/**
 * How many units come, and what those of control do.
 *
 * @param unitsPerHour new units an hour that a clause admits, both arms together, by id of the clause: {@code rest},
 *     {@code segment:beta}; a clause that is not named is not known
 * @param metrics what is known of metrics, by name
 */
public record Traffic(Map<String, Double> unitsPerHour, Map<String, Level> metrics) {
    public static final Traffic UNKNOWN = new Traffic(Map.of(), Map.of());

    /**
     * What units of control do.
     *
     * @param rate share of units that count, 0 to 1; null when not known, or for values
     * @param mean mean value of a unit; null when not known
     * @param spread standard deviation of a unit's value; null when not known
     */
    public record Level(
            @Nullable Double rate,
            @Nullable Double mean,
            @Nullable Double spread) {
        /** @throws IllegalArgumentException if a number is out of its range */
        public Level {
            Require.that(rate == null || (rate >= 0 && rate <= 1), "traffic.metrics.rate", "must lie in [0, 1]", rate);
            Require.that(
                    mean == null || (mean >= 0 && Double.isFinite(mean)),
                    "traffic.metrics.mean",
                    "must be finite and at least 0",
                    mean);
            Require.that(
                    spread == null || (spread > 0 && Double.isFinite(spread)),
                    "traffic.metrics.spread",
                    "must be finite and above 0",
                    spread);
        }

        public static Level ofRate(double rate) {
            return new Level(rate, null, null);
        }
    }

    /** @throws IllegalArgumentException if a number is negative or no number */
    public Traffic {
        unitsPerHour = Map.copyOf(unitsPerHour);
        unitsPerHour.forEach((clause, units) -> Require.that(
                units >= 0 && Double.isFinite(units),
                "traffic.unitsPerHour." + clause,
                "must be finite and at least 0",
                units));
        metrics = Map.copyOf(metrics);
    }

    /** Returns this with what is known better. */
    public Traffic with(Traffic other) {
        Map<String, Double> units = new HashMap<>(unitsPerHour);
        units.putAll(other.unitsPerHour);
        Map<String, Level> levels = new HashMap<>(metrics);
        levels.putAll(other.metrics);
        return new Traffic(units, levels);
    }
}
