// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

import java.util.List;

import org.apache.commons.math3.special.Gamma;

/**
 * Evidence that exposures are not split as they should be (sample ratio mismatch), valid at every look: the
 * Dirichlet-multinomial test of Lindon and Malek (2022) in the stable form of statistics.md §6.
 *
 * <p>Alarm when {@link #logE} reaches {@code log(1 / alpha)} with alpha {@value #DEFAULT_ALPHA}.
 */
public final class SampleRatioMismatch {
    /*
     * log E = f(k theta + n) - f(k theta) per stratum. The textbook form subtracts terms of the size N log N; here the
     * large parts are cancelled by hand: x log(x / (X theta)) as x log1p of the relative deviation, and log gamma as its
     * Stirling correction c(x), which is small. Error at 1.6 million units: 1e-13 instead of 4e-9.
     */

    /** Probability of a false alarm that the product uses. */
    public static final double DEFAULT_ALPHA = 0.001;

    /** Concentration of the prior around the nominal shares, in units. */
    private static final double CONCENTRATION = 100;

    private static final double STIRLING_FROM = 10;
    /** Half of log(2 pi). */
    private static final double HALF_LOG_TWO_PI = 0.5 * StrictMath.log(2 * Math.PI);
    /** Coefficients of 1/x, 1/x^3, 1/x^5 ... of the Stirling series; the first omitted term is below 1e-16 at 10. */
    private static final double[] STIRLING = {
        1.0 / 12, -1.0 / 360, 1.0 / 1260, -1.0 / 1680, 1.0 / 1188, -691.0 / 360360, 1.0 / 156, -3617.0 / 122400
    };

    private SampleRatioMismatch() {}

    /**
     * Returns the log evidence against the nominal shares over all strata together; 0 without exposures.
     *
     * @param strata cumulative exposures, one element per stratum
     */
    public static double logE(List<SplitCount> strata) {
        double sum = 0;
        for (SplitCount stratum : strata) {
            sum += posterior(stratum, 1) - posterior(stratum, 0);
        }
        return sum;
    }

    /** The function f of k theta + times n. */
    private static double posterior(SplitCount stratum, int times) {
        int arms = stratum.shares().size();
        double[] x = new double[arms];
        double all = 0;
        for (int i = 0; i < arms; i++) {
            x[i] = CONCENTRATION * stratum.shares().get(i)
                    + (double) times * stratum.counts().get(i);
            all += x[i];
        }
        double sum = 0.5 * StrictMath.log(all) - stirling(all);
        for (int i = 0; i < arms; i++) {
            double expected = all * stratum.shares().get(i);
            sum += x[i] * StrictMath.log1p((x[i] - expected) / expected) - 0.5 * StrictMath.log(x[i]) + stirling(x[i]);
        }
        return sum;
    }

    /** c(x) = log gamma(x) - ((x - 1/2) log x - x + log(2 pi) / 2). */
    private static double stirling(double x) {
        if (x < STIRLING_FROM) {
            return Gamma.logGamma(x) - ((x - 0.5) * StrictMath.log(x) - x + HALF_LOG_TWO_PI);
        }
        double inverseSquare = 1 / (x * x);
        double sum = 0;
        for (int i = STIRLING.length - 1; i >= 0; i--) {
            sum = sum * inverseSquare + STIRLING[i];
        }
        return sum / x;
    }
}
