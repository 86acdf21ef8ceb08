// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

import java.util.List;

/**
 * Exposures per arm against the shares they were meant to have, in one stratum.
 *
 * @param shares nominal share of each arm, above 0, sum 1
 * @param counts exposures of each arm, not negative
 */
public record SplitCount(List<Double> shares, List<Long> counts) {

    /** @throws IllegalArgumentException if a number is out of its range, or the sizes differ or are below 2 */
    public SplitCount {
        shares = List.copyOf(shares);
        counts = List.copyOf(counts);
        if (shares.size() < 2 || shares.size() != counts.size()) {
            throw new IllegalArgumentException("shares and counts must be equally many and at least two, were "
                    + shares.size() + " and " + counts.size());
        }
        shares.forEach(share -> Ranges.insideUnit("share", share));
        counts.forEach(count -> Ranges.notNegative("count", count));
        double sum = shares.stream().mapToDouble(Double::doubleValue).sum();
        if (Math.abs(sum - 1) > Ranges.ROUNDING) {
            throw new IllegalArgumentException("shares must sum to 1, were " + shares);
        }
    }

    /**
     * Returns the split of control against one treatment.
     *
     * @param treatmentShare nominal share of treatment, in (0, 1)
     */
    public static SplitCount of(double treatmentShare, long control, long treatment) {
        return new SplitCount(List.of(1 - treatmentShare, treatmentShare), List.of(control, treatment));
    }
}
