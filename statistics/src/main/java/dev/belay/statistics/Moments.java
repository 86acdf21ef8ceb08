// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

/**
 * Number, sum and sum of squares of one arm's values: all that some sources know.
 *
 * @param units number of values, not negative
 * @param sum sum of the values, finite
 * @param sumOfSquares sum of their squares, finite and not negative
 */
public record Moments(long units, double sum, double sumOfSquares) {
    /** Nothing seen yet. */
    public static final Moments EMPTY = new Moments(0, 0, 0);

    /** @throws IllegalArgumentException if a number is out of its range */
    public Moments {
        Ranges.notNegative("units", units);
        if (!Double.isFinite(sum)) {
            throw new IllegalArgumentException("sum must be finite, was " + sum);
        }
        Ranges.notNegative("sumOfSquares", sumOfSquares);
    }

    /** Returns the values of both. */
    public Moments plus(Moments more) {
        return new Moments(units + more.units, sum + more.sum, sumOfSquares + more.sumOfSquares);
    }

    /** Returns the mean, 0 without values. */
    public double mean() {
        return units == 0 ? 0 : sum / units;
    }

    /** Returns the sum of squared distances from the mean, at least 0 whatever the rounding. */
    double squaredDistances() {
        return units == 0 ? 0 : Math.max(0, sumOfSquares - sum * sum / units);
    }

    /** Returns the variance of a value, 0 for less than two. */
    double variance() {
        return units < 2 ? 0 : squaredDistances() / (units - 1);
    }
}
