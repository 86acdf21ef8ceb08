// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

import java.util.List;

/**
 * An interval for the ratio of two means that may be looked at as often as one likes, stratified; for people. Asymptotic: with few units or
 * heavy tails it is too narrow. Decisions rest on {@link MeanProcess}.
 */
public final class MeanConfidenceSequence {
    /*
     * For each ratio rho the contrast D = sum of h (mean of treatment - rho * mean of control) over strata, with the weights h of
     * Mantel and Haenszel, has variance sum of h^2 (variance of treatment / nT + rho^2 variance of control / nC). The interval holds
     * the rho for which D^2 / variance is at most the two-sided normal mixture's bound at the information the strata hold: a quadratic
     * inequality in rho, solved as Fieller does, which needs no approximation of the ratio itself.
     */

    /** Relative effect at whose detection the interval is about narrowest. */
    private static final double EFFECT = 0.2;

    private MeanConfidenceSequence() {}

    /**
     * Returns the interval for the ratio treatment / control.
     *
     * @param strata one element per stratum, cumulative, values not negative; those without both arms are left out
     * @param alpha about the probability that the true ratio is ever left out, in (0, 1)
     * @return from 0 to infinity while nothing is known
     * @throws IllegalArgumentException if alpha is out of its range
     */
    public static Interval interval(List<MeanStratum> strata, double alpha) {
        Ranges.insideUnit("alpha", alpha);
        double treated = 0;
        double control = 0;
        double treatedVariance = 0;
        double controlVariance = 0;
        for (MeanStratum stratum : strata) {
            if (stratum.hasBothArms()) {
                double nC = stratum.control().units();
                double nT = stratum.treatment().units();
                double h = nC * nT / stratum.units();
                treated += h * stratum.treatment().mean();
                control += h * stratum.control().mean();
                treatedVariance += h * h * stratum.treatment().variance() / nT;
                controlVariance += h * h * stratum.control().variance() / nC;
            }
        }
        double ratio = treated / control;
        double variance = treatedVariance + ratio * ratio * controlVariance;
        if (!(control > 0) || !(variance > 0)) {
            return new Interval(0, Double.POSITIVE_INFINITY);
        }
        double bound = squaredBound(control * control / variance, alpha);
        return fieller(treated, control, bound * treatedVariance, bound * controlVariance);
    }

    /** Largest squared z that is still believed with so much information on the ratio. */
    private static double squaredBound(double information, double alpha) {
        double wanted = 2 * (1 - StrictMath.log(alpha)) / (EFFECT * EFFECT);
        double bound = NormalMixture.twoSidedBound(information, alpha, NormalMixture.bestScaleTwoSided(wanted, alpha));
        return bound * bound / information;
    }

    /** Solves (treated - rho control)^2 <= treatedError + rho^2 controlError for rho. */
    private static Interval fieller(double treated, double control, double treatedError, double controlError) {
        double a = control * control - controlError;
        double b = treated * control;
        double c = treated * treated - treatedError;
        double root = Math.sqrt(Math.max(0, b * b - a * c));
        // The larger root in the form that does not cancel.
        double lower = c <= 0 ? 0 : c / (b + root);
        return new Interval(lower, a <= 0 ? Double.POSITIVE_INFINITY : (b + root) / a);
    }
}
