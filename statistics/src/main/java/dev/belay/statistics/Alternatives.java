// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

import java.util.ArrayList;
import java.util.List;

/**
 * The null ratio of a test and the weighted ratios it bets on, all on one side of it.
 *
 * <p>A ratio is treatment rate divided by control rate. Grids and weights are those of statistics.md §4.3; they are
 * fixed in code because changing them changes the meaning of recorded evidence.
 *
 * @param nullRatio edge of the null hypothesis, above 0 and finite
 * @param ratios alternatives, above 0, finite, all below or all above {@code nullRatio}
 * @param weights prior weight of each alternative, above 0, sum at most 1
 */
public record Alternatives(double nullRatio, List<Double> ratios, List<Double> weights) {
    private static final List<Double> DROP_WEIGHTS = List.of(0.45, 0.22, 0.13, 0.20);
    private static final List<Double> RISE_WEIGHTS = List.of(0.40, 0.18, 0.12, 0.10, 0.08, 0.12);
    private static final List<Double> HEALTHY_WEIGHTS = List.of(0.25, 0.60, 0.15);

    /** First alternative as a multiple of the threshold. */
    private static final double BEYOND_THRESHOLD = 1.15;
    /** Largest relative drop the first alternative may start from. */
    private static final double DEEPEST_START = 0.98;
    /** Bounds of |1 - sqrt(ratio)| for the first and the last alternative. */
    private static final double DROP_FIRST_AT_MOST = 0.8;

    private static final double DROP_LAST = 0.86;
    private static final double RISE_FIRST_AT_MOST = 8;
    private static final double RISE_LAST = 9;

    /** @throws IllegalArgumentException if a number is out of its range or the sizes differ */
    public Alternatives {
        Ranges.positive("nullRatio", nullRatio);
        ratios = List.copyOf(ratios);
        weights = List.copyOf(weights);
        if (ratios.isEmpty() || ratios.size() != weights.size()) {
            throw new IllegalArgumentException("ratios and weights must be equally many and at least one, were "
                    + ratios.size() + " and " + weights.size());
        }
        requireOneSide(nullRatio, ratios);
        requireWeights(weights);
    }

    /**
     * Returns the bets of a harm test: the null is "no worse than the margin".
     *
     * @param threshold relative change the guardrail forbids, as a fraction; DROP (0, 1), RISE above 0
     * @param margin harmless relative change in the same direction, from 0 to the threshold
     * @throws IllegalArgumentException if a number is out of its range, or if the margin is so large that the mildest
     *     alternative of the fixed grid (a ratio of 0.04 for DROP, 81 for RISE) is not beyond it
     */
    public static Alternatives harm(Direction direction, double threshold, double margin) {
        direction.requireThreshold("threshold", threshold);
        if (!(margin >= 0 && margin <= threshold)) {
            throw new IllegalArgumentException("margin must lie in [0, threshold = " + threshold + "], was " + margin);
        }
        double nullRatio = direction.ratioAt(margin);
        Alternatives bets =
                switch (direction) {
                    case DROP -> new Alternatives(nullRatio, drops(threshold), DROP_WEIGHTS);
                    case RISE -> new Alternatives(nullRatio, rises(threshold), RISE_WEIGHTS);
                };
        double mildest = bets.ratios().get(0);
        if (direction == Direction.DROP ? mildest >= nullRatio : mildest <= nullRatio) {
            throw new IllegalArgumentException("margin must leave a ratio of " + mildest + " beyond it, was " + margin);
        }
        return bets;
    }

    /**
     * Returns the bets of a healthy test: the null is "changed by the threshold or more".
     *
     * @param threshold relative change the guardrail forbids, as a fraction; DROP (0, 1), RISE above 0
     * @throws IllegalArgumentException if the threshold is out of its range
     */
    public static Alternatives healthy(Direction direction, double threshold) {
        direction.requireThreshold("threshold", threshold);
        double half = threshold / 2;
        List<Double> ratios =
                switch (direction) {
                    case DROP -> List.of(1 - half, 1.0, 1 + half);
                    case RISE -> List.of(1 + half, 1.0, 1 / (1 + half));
                };
        return new Alternatives(direction.ratioAt(threshold), ratios, HEALTHY_WEIGHTS);
    }

    private static List<Double> drops(double threshold) {
        double reach = Math.min(BEYOND_THRESHOLD * threshold, DEEPEST_START);
        double first = Math.min(1 - Math.sqrt(1 - reach), DROP_FIRST_AT_MOST);
        return squares(first, DROP_LAST, DROP_WEIGHTS.size(), -1);
    }

    private static List<Double> rises(double threshold) {
        double first = Math.min(Math.sqrt(1 + BEYOND_THRESHOLD * threshold) - 1, RISE_FIRST_AT_MOST);
        return squares(first, RISE_LAST, RISE_WEIGHTS.size(), 1);
    }

    /** Geometric between first and last on the scale |1 - sqrt(ratio)|, where one alternative covers a factor of 1.4. */
    private static List<Double> squares(double first, double last, int count, int sign) {
        List<Double> ratios = new ArrayList<>(count);
        for (int k = 0; k < count; k++) {
            double step = first * StrictMath.pow(last / first, (double) k / (count - 1));
            double root = 1 + sign * step;
            ratios.add(root * root);
        }
        return ratios;
    }

    private static void requireOneSide(double nullRatio, List<Double> ratios) {
        ratios.forEach(ratio -> Ranges.positive("ratio", ratio));
        boolean below = ratios.stream().allMatch(ratio -> ratio < nullRatio);
        boolean above = ratios.stream().allMatch(ratio -> ratio > nullRatio);
        if (!below && !above) {
            throw new IllegalArgumentException(
                    "ratios must all lie on one side of nullRatio " + nullRatio + ", were " + ratios);
        }
    }

    private static void requireWeights(List<Double> weights) {
        weights.forEach(weight -> Ranges.positive("weight", weight));
        double sum = weights.stream().mapToDouble(Double::doubleValue).sum();
        if (sum > 1 + Ranges.ROUNDING) {
            throw new IllegalArgumentException("weights must sum to at most 1, were " + weights);
        }
    }
}
