// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

/**
 * A closed interval of ratios.
 *
 * @param lower lower end, from 0
 * @param upper upper end, at least {@code lower}; positive infinity when nothing bounds it
 */
public record Interval(double lower, double upper) {

    /** @throws IllegalArgumentException if the ends are out of order, negative or not numbers */
    public Interval {
        if (!(lower >= 0 && lower < Double.POSITIVE_INFINITY && lower <= upper)) {
            throw new IllegalArgumentException(
                    "ends must satisfy 0 <= lower <= upper with a finite lower, were " + lower + " and " + upper);
        }
    }

    /** Says whether the upper end is finite. */
    public boolean hasUpperBound() {
        return upper < Double.POSITIVE_INFINITY;
    }

    /** Says whether the intervals have no ratio in common. */
    public boolean isDisjointFrom(Interval other) {
        return upper < other.lower || other.upper < lower;
    }
}
