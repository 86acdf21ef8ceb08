// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

/** Which way a metric moves when it does harm. */
public enum Direction {
    /** Lower is worse, as for a conversion rate. Thresholds lie in (0, 1). */
    DROP,
    /** Higher is worse, as for an error rate. Thresholds are above 0 and finite. */
    RISE;

    /**
     * Returns the ratio treatment / control that stands {@code share} away from one in the harmful direction.
     *
     * @param share relative change as a fraction, 0.2 for 20 %
     */
    public double ratioAt(double share) {
        return switch (this) {
            case DROP -> 1 - share;
            case RISE -> 1 + share;
        };
    }

    void requireThreshold(String name, double threshold) {
        switch (this) {
            case DROP -> Ranges.insideUnit(name + " of a DROP", threshold);
            case RISE -> Ranges.positive(name + " of a RISE", threshold);
        }
    }
}
