// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

import java.util.OptionalDouble;

/**
 * How clustered counts per unit are: the mean square over the mean, 1 when no unit has two (statistics.md §4.8). For
 * {@link RatioProcess#updateClustered}, where raw events of clustered units would roll back every second harmless rollout.
 *
 * <p><b>How to feed it.</b> Both arms together, one {@link #with} per unit and count, or {@link #plus} of such sums. Judge a block
 * with the factor of the blocks before it. While {@link #factor} is empty nothing is known: leave the block out, or take the greatest
 * number of events that a unit can have, which the factor never exceeds.
 *
 * @param units units with at least one event, not negative
 * @param sum sum of their counts, not negative
 * @param sumOfSquares sum of the squares of their counts, not negative
 */
public record Dispersion(long units, double sum, double sumOfSquares) {
    /** Nothing seen yet. */
    public static final Dispersion UNKNOWN = new Dispersion(0, 0, 0);

    /** Units with an event from which the factor says something. */
    private static final long UNITS_NEEDED = 30;

    /** @throws IllegalArgumentException if a number is out of its range */
    public Dispersion {
        Ranges.notNegative("units", units);
        Ranges.notNegative("sum", sum);
        Ranges.notNegative("sumOfSquares", sumOfSquares);
    }

    /**
     * Returns this with one more unit; one without events changes nothing.
     *
     * @param count events of the unit, not negative
     */
    public Dispersion with(long count) {
        Ranges.notNegative("count", count);
        return count == 0 ? this : plus(new Dispersion(1, count, (double) count * count));
    }

    /** Returns the units of both. */
    public Dispersion plus(Dispersion more) {
        return new Dispersion(units + more.units, sum + more.sum, sumOfSquares + more.sumOfSquares);
    }

    /** Returns what counts are divided by, at least 1; empty while fewer than 30 units had an event. */
    public OptionalDouble factor() {
        return units < UNITS_NEEDED ? OptionalDouble.empty() : OptionalDouble.of(Math.max(1, sumOfSquares / sum));
    }
}
