// SPDX-License-Identifier: Apache-2.0
package dev.belay.benchmarks.report;

import java.util.Collection;
import java.util.Locale;

/**
 * Repetitions of one measurement.
 *
 * @param median the middle one, the mean of the middle two when their number is even
 * @param least the smallest
 * @param most the greatest
 */
public record Spread(double median, double least, double most) {
    private static final double LARGE = 100;

    /** @throws IllegalArgumentException if there are none */
    public static Spread of(Collection<Double> measured) {
        if (measured.isEmpty()) {
            throw new IllegalArgumentException("measurements must not be empty");
        }
        double[] sorted =
                measured.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int middle = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(median, sorted[0], sorted[sorted.length - 1]);
    }

    /** Returns the median of this as a multiple of that of a baseline. */
    public double over(Spread baseline) {
        return median / baseline.median;
    }

    /** Returns median and range, for instance {@code 41,200 (38,100–44,900)}. */
    public String text() {
        return number(median) + " (" + number(least) + "–" + number(most) + ")";
    }

    /** Returns a number with as many digits as say something. */
    public static String number(double value) {
        return String.format(Locale.ROOT, Math.abs(value) >= LARGE ? "%,.0f" : "%.2f", value);
    }
}
