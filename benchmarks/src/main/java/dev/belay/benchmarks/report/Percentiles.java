// SPDX-License-Identifier: Apache-2.0
package dev.belay.benchmarks.report;

import java.util.Arrays;

/**
 * Latencies, in milliseconds.
 *
 * @param count how many
 * @param p50 half were at most that
 * @param p99 99 of 100 were at most that
 * @param max the longest
 */
public record Percentiles(int count, double p50, double p99, double max) {
    private static final double HALF = 0.5;
    private static final double NEARLY_ALL = 0.99;

    /** @throws IllegalArgumentException if there are none */
    public static Percentiles of(double[] millis) {
        if (millis.length == 0) {
            throw new IllegalArgumentException("latencies must not be empty");
        }
        double[] sorted = millis.clone();
        Arrays.sort(sorted);
        return new Percentiles(sorted.length, at(sorted, HALF), at(sorted, NEARLY_ALL), sorted[sorted.length - 1]);
    }

    /** The smallest that so many are at most. */
    private static double at(double[] sorted, double share) {
        return sorted[(int) Math.ceil(share * sorted.length) - 1];
    }
}
