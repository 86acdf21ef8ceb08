// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

import java.util.List;
import java.util.function.DoubleUnaryOperator;

/**
 * An interval for the ratio treatment / control that may be looked at as often as one likes: a mixture confidence
 * sequence, stratified (statistics.md §4.4). For people, computed on demand; decisions rest on {@link RatioProcess}.
 */
public final class RatioConfidenceSequence {
    /*
     * The conditional likelihood of psi = log ratio is averaged over a fixed prior on 241 points; the sequence holds the
     * psi whose likelihood is at least alpha times that average. The log likelihood l is concave, and the best grid
     * point lies inside because an average cannot exceed the maximum. So each end is found by walking outwards from it
     * in doubling steps and then bisecting; an end without treated (control) events has no root and is 0 (infinity).
     */
    private static final int GRID_POINTS = 241;
    private static final double GRID_START = -6;
    private static final double GRID_STEP = 12.0 / 240;
    private static final double[] PRIOR_SCALES = {0.1, 0.4, 1.5};
    private static final double[] PRIOR_WEIGHTS = {0.4, 0.4, 0.2};
    private static final double[] LOG_PRIOR = logPrior();
    /** More halvings than a double has bits. */
    private static final int BISECTIONS = 200;

    private RatioConfidenceSequence() {}

    /**
     * Returns the interval for the ratio.
     *
     * @param strata one element per stratum, cumulative; those without both arms are left out
     * @param alpha probability that the true ratio is ever left out, in (0, 1)
     * @return from 0 without treated events, to infinity without control events
     * @throws IllegalArgumentException if alpha is out of its range
     */
    public static Interval interval(List<Stratum> strata, double alpha) {
        Ranges.insideUnit("alpha", alpha);
        List<Stratum> compared = strata.stream().filter(Stratum::hasBothArms).toList();
        double[] terms = new double[GRID_POINTS];
        int best = 0;
        double bestLogLikelihood = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < GRID_POINTS; i++) {
            double logLikelihood = logLikelihood(compared, gridPoint(i));
            terms[i] = LOG_PRIOR[i] + logLikelihood;
            if (logLikelihood > bestLogLikelihood) {
                bestLogLikelihood = logLikelihood;
                best = i;
            }
        }
        double level = LogSpace.sum(terms) + StrictMath.log(alpha);
        DoubleUnaryOperator excess = psi -> logLikelihood(compared, psi) - level;
        boolean treated = compared.stream().anyMatch(stratum -> stratum.treatmentEvents() > 0);
        boolean control = compared.stream().anyMatch(stratum -> stratum.controlEvents() > 0);
        return new Interval(
                treated ? StrictMath.exp(end(excess, gridPoint(best), -1)) : 0,
                control ? StrictMath.exp(end(excess, gridPoint(best), 1)) : Double.POSITIVE_INFINITY);
    }

    /** Log of the conditional likelihood of log ratio {@code psi}, up to a constant of the data. */
    static double logLikelihood(List<Stratum> strata, double psi) {
        double sum = 0;
        for (Stratum stratum : strata) {
            double units = stratum.units();
            double treated = stratum.treatmentUnits() / units;
            double control = stratum.controlUnits() / units;
            double events = (double) stratum.controlEvents() + stratum.treatmentEvents();
            sum += stratum.treatmentEvents() * (StrictMath.log(treated) + psi)
                    + stratum.controlEvents() * StrictMath.log(control)
                    - events * logMix(control, treated, psi);
        }
        return sum;
    }

    /** log(control + treated exp(psi)) without overflow for large psi. */
    private static double logMix(double control, double treated, double psi) {
        return psi <= 0
                ? StrictMath.log1p(treated * StrictMath.expm1(psi))
                : psi + StrictMath.log1p(control * StrictMath.expm1(-psi));
    }

    private static double end(DoubleUnaryOperator excess, double inside, int direction) {
        double reached = inside;
        double step = GRID_STEP;
        double outside = inside + direction * step;
        while (excess.applyAsDouble(outside) >= 0) {
            reached = outside;
            step *= 2;
            outside += direction * step;
        }
        for (int i = 0; i < BISECTIONS; i++) {
            double middle = (reached + outside) / 2;
            if (middle == reached || middle == outside) {
                break;
            }
            if (excess.applyAsDouble(middle) >= 0) {
                reached = middle;
            } else {
                outside = middle;
            }
        }
        return reached;
    }

    private static double gridPoint(int index) {
        return GRID_START + index * GRID_STEP;
    }

    private static double[] logPrior() {
        double[] prior = new double[GRID_POINTS];
        double sum = 0;
        for (int i = 0; i < GRID_POINTS; i++) {
            for (int j = 0; j < PRIOR_SCALES.length; j++) {
                double z = gridPoint(i) / PRIOR_SCALES[j];
                prior[i] += PRIOR_WEIGHTS[j] / PRIOR_SCALES[j] * StrictMath.exp(-z * z / 2);
            }
            sum += prior[i];
        }
        for (int i = 0; i < GRID_POINTS; i++) {
            prior[i] = StrictMath.log(prior[i] / sum);
        }
        return prior;
    }
}
