// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

import org.apache.commons.math3.special.Beta;

/**
 * The two-sided beta-binomial mixture of Howard and Ramdas (2022) for sums of variables in [-below, above] with mean 0:
 * what bounds a rate, and the ranks of a quantile, at every look.
 */
final class BetaBinomial {
    private static final double SMALLEST_SCALE = 1e-3;

    private BetaBinomial() {}

    /**
     * Returns the log of the mixture.
     *
     * @param s sum
     * @param v intrinsic time: number of variables times {@code below * above}
     * @param scale concentration, in the unit of {@code v}, above 0
     */
    static double logMixture(double s, double v, double scale, double below, double above) {
        double range = below + above;
        double a = below * range;
        double b = above * range;
        return v / (below * above) * StrictMath.log(range)
                - (v + above * s) / b * StrictMath.log(below)
                - (v - below * s) / a * StrictMath.log(above)
                + Beta.logBeta((scale + v - below * s) / a, (scale + v + above * s) / b)
                - Beta.logBeta(scale / a, scale / b);
    }

    /** Returns the scale that makes the bound about smallest after {@code v}. */
    static double bestScale(double v, double alpha, double below, double above) {
        double variance = below * above;
        return Math.max(NormalMixture.bestScaleTwoSided(v, alpha) - variance, SMALLEST_SCALE * variance);
    }
}
