// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

import java.util.List;

import static java.util.Objects.requireNonNull;

/**
 * What a mean e-process tests: whether treatment's mean is beyond a multiple of control's (statistics.md §4.5).
 *
 * @param shift direction of the bet: DROP is evidence that treatment's mean is below {@code nullRatio} times control's, RISE
 *     that it is above
 * @param nullRatio edge of the null hypothesis, above 0 and finite
 * @param effects sizes the bets are tuned to, as fractions of the null mean, above 0; any are valid
 * @param weights prior weight of each, above 0, sum at most 1
 */
public record MeanTest(Direction shift, double nullRatio, List<Double> effects, List<Double> weights) {
    private static final List<Double> HARM_WEIGHTS = List.of(0.5, 0.25, 0.25);
    private static final List<Double> HEALTHY_WEIGHTS = List.of(0.25, 0.60, 0.15);

    /** First effect as a multiple of the threshold. */
    private static final double BEYOND_THRESHOLD = 1.15;

    private static final double DROP_MIDDLE = 0.45;
    private static final double DROP_LAST = 0.95;
    /** The first of a drop is never so large that nothing is left beyond it. */
    private static final double DROP_FIRST_AT_MOST = 0.9;

    private static final double RISE_MIDDLE = 1;
    private static final double RISE_LAST = 4;

    /** @throws IllegalArgumentException if a number is out of its range or the sizes differ */
    public MeanTest {
        requireNonNull(shift, "shift");
        Ranges.positive("nullRatio", nullRatio);
        effects = List.copyOf(effects);
        weights = List.copyOf(weights);
        if (effects.isEmpty() || effects.size() != weights.size()) {
            throw new IllegalArgumentException("effects and weights must be equally many and at least one, were "
                    + effects.size() + " and " + weights.size());
        }
        effects.forEach(effect -> Ranges.positive("effect", effect));
        weights.forEach(weight -> Ranges.aboveZeroToOne("weight", weight));
        double sum = weights.stream().mapToDouble(Double::doubleValue).sum();
        if (sum > 1 + Ranges.ROUNDING) {
            throw new IllegalArgumentException("weights must sum to at most 1, summed to " + sum);
        }
    }

    /**
     * Returns the test for harm: the null is "no worse than the margin". Effects are 1.15 times the threshold, 45 % and 95 % for
     * a DROP, and 1.15 times the threshold, one and four for a RISE, seen from the edge of the null; spread evenly where the
     * threshold is beyond the middle one.
     *
     * @param threshold relative change the guardrail forbids, as a fraction; DROP (0, 1), RISE above 0
     * @param margin harmless relative change in the same direction, from 0 to the threshold
     * @throws IllegalArgumentException if a number is out of its range
     */
    public static MeanTest harm(Direction direction, double threshold, double margin) {
        direction.requireThreshold("threshold", threshold);
        if (!(margin >= 0 && margin <= threshold)) {
            throw new IllegalArgumentException("margin must lie in [0, threshold = " + threshold + "], was " + margin);
        }
        double first = BEYOND_THRESHOLD * threshold;
        List<Double> changes =
                switch (direction) {
                    case DROP -> spread(Math.min(first, DROP_FIRST_AT_MOST), DROP_MIDDLE, DROP_LAST);
                    case RISE -> spread(first, RISE_MIDDLE, Math.max(RISE_LAST, 2 * first));
                };
        double edge = direction.ratioAt(margin);
        List<Double> effects = changes.stream()
                .map(change -> Math.max(Ranges.ROUNDING, Math.abs(edge - direction.ratioAt(change)) / edge))
                .toList();
        return new MeanTest(direction, edge, margin == 0 ? changes : effects, HARM_WEIGHTS);
    }

    private static List<Double> spread(double first, double middle, double last) {
        return List.of(first, first < middle ? middle : Math.sqrt(first * last), last);
    }

    /**
     * Returns the test for health: the null is "at or beyond the threshold", so the bets go the other way, on the ratios that
     * {@link Alternatives#healthy} bets on.
     *
     * @param threshold relative change the guardrail forbids, as a fraction; DROP (0, 1), RISE above 0
     * @throws IllegalArgumentException if the threshold is out of its range
     */
    public static MeanTest healthy(Direction direction, double threshold) {
        Alternatives bets = Alternatives.healthy(direction, threshold);
        double edge = bets.nullRatio();
        Direction shift = direction == Direction.DROP ? Direction.RISE : Direction.DROP;
        return new MeanTest(
                shift,
                edge,
                bets.ratios().stream()
                        .map(ratio -> Math.abs(ratio - edge) / edge)
                        .toList(),
                HEALTHY_WEIGHTS);
    }
}
