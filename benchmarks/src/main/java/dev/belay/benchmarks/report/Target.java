// SPDX-License-Identifier: Apache-2.0
package dev.belay.benchmarks.report;

import java.util.Locale;

/**
 * A limit that a figure must keep.
 *
 * @param figure what is measured
 * @param isFloor whether the figure must be at least the limit; else at most
 * @param limit the limit
 */
public record Target(String figure, boolean isFloor, double limit) {
    public static Target atLeast(double limit, String figure) {
        return new Target(figure, true, limit);
    }

    public static Target atMost(double limit, String figure) {
        return new Target(figure, false, limit);
    }

    public boolean isMet(double value) {
        return isFloor ? value >= limit : value <= limit;
    }

    /** Returns a line for people. */
    public String judge(double value) {
        return String.format(
                Locale.ROOT,
                "* %s: %s, target %s %s: **%s**",
                figure,
                Spread.number(value),
                isFloor ? "≥" : "≤",
                Spread.number(limit),
                isMet(value) ? "met" : "missed");
    }
}
