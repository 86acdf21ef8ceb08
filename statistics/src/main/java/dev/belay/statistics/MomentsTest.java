// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

import static java.util.Objects.requireNonNull;

/**
 * What a {@link MomentsProcess} tests.
 *
 * @param shift direction of the bet, as for {@link MeanTest}
 * @param nullRatio edge of the null hypothesis, above 0 and finite
 * @param threshold relative change the guardrail forbids, as a fraction of control; tunes the test
 * @param level probability of an error that the evidence will be held to, in (0, 0.5); tunes the test
 */
public record MomentsTest(Direction shift, double nullRatio, double threshold, double level) {
    private static final double HALF = 0.5;

    /** @throws IllegalArgumentException if a number is out of its range */
    public MomentsTest {
        requireNonNull(shift, "shift");
        Ranges.positive("nullRatio", nullRatio);
        Ranges.positive("threshold", threshold);
        if (!(level > 0 && level < HALF)) {
            throw new IllegalArgumentException("level must lie in (0, 0.5), was " + level);
        }
    }

    /**
     * Returns the test for harm: the null is "no worse than the margin".
     *
     * @param threshold relative change the guardrail forbids, as a fraction; DROP (0, 1), RISE above 0
     * @param margin harmless relative change in the same direction, from 0 to the threshold
     * @param alpha probability of a false rollback, in (0, 0.5)
     * @throws IllegalArgumentException if a number is out of its range
     */
    public static MomentsTest harm(Direction direction, double threshold, double margin, double alpha) {
        MeanTest exact = MeanTest.harm(direction, threshold, margin);
        return new MomentsTest(exact.shift(), exact.nullRatio(), threshold, alpha);
    }

    /**
     * Returns the test for health: the null is "at or beyond the threshold".
     *
     * @param threshold relative change the guardrail forbids, as a fraction; DROP (0, 1), RISE above 0
     * @param beta probability of declaring a change of the threshold healthy, in (0, 0.5)
     * @throws IllegalArgumentException if a number is out of its range
     */
    public static MomentsTest healthy(Direction direction, double threshold, double beta) {
        MeanTest exact = MeanTest.healthy(direction, threshold);
        return new MomentsTest(exact.shift(), exact.nullRatio(), threshold, beta);
    }
}
