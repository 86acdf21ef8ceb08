// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

import static java.util.Objects.requireNonNull;

/**
 * What a ratio e-process tests and how it guesses the unknown base rate. The same test on the same blocks gives the
 * same bits.
 *
 * @param mode how events relate to exposures
 * @param alternatives null ratio and bets
 * @param priorEvents events expected among the first {@value #PRIOR_UNITS} control units, in (0, 50); used in BERNOULLI
 *     mode only and only for tuning: any value keeps the guarantee, gross overestimates cost power
 */
public record RatioTest(OutcomeMode mode, Alternatives alternatives, double priorEvents) {
    /** Weight of the prior guess of the base rate, in units. */
    static final double PRIOR_UNITS = 50;

    private static final double DEFAULT_PRIOR_EVENTS = 0.5;

    /** @throws IllegalArgumentException if priorEvents is out of its range */
    public RatioTest {
        requireNonNull(mode, "mode");
        requireNonNull(alternatives, "alternatives");
        if (!(priorEvents > 0 && priorEvents < PRIOR_UNITS)) {
            throw new IllegalArgumentException("priorEvents must lie in (0, 50), was " + priorEvents);
        }
    }

    /** Returns the test with the default prior, about 1 %. */
    public static RatioTest of(OutcomeMode mode, Alternatives alternatives) {
        return new RatioTest(mode, alternatives, DEFAULT_PRIOR_EVENTS);
    }

    /**
     * Returns this test with a known pre-rollout base rate as its prior.
     *
     * @param baseRate events per control unit before the rollout, in (0, 1)
     * @throws IllegalArgumentException if the rate is out of its range
     */
    public RatioTest withBaseRate(double baseRate) {
        Ranges.insideUnit("baseRate", baseRate);
        return new RatioTest(mode, alternatives, PRIOR_UNITS * baseRate);
    }
}
