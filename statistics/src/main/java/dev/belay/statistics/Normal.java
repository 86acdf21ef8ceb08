// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

import org.apache.commons.math3.special.Erf;

/** Logarithms of the standard normal distribution. */
final class Normal {
    /** Below this the distribution function comes from its asymptotic series: the complement has no digits left. */
    private static final double SERIES_BELOW = -10;

    private static final double HALF_LOG_TWO_PI = 0.5 * StrictMath.log(2 * Math.PI);
    private static final double SQRT_TWO = Math.sqrt(2);
    /** More terms than the series needs at {@link #SERIES_BELOW}; they shrink until about the fiftieth. */
    private static final int TERMS = 40;

    private Normal() {}

    /** Returns the log of the probability of a value of at most z. */
    static double logCdf(double z) {
        if (z >= 0) {
            return StrictMath.log1p(-0.5 * Erf.erfc(z / SQRT_TWO));
        }
        if (z > SERIES_BELOW) {
            return StrictMath.log(0.5 * Erf.erfc(-z / SQRT_TWO));
        }
        return -z * z / 2 - StrictMath.log(-z) - HALF_LOG_TWO_PI + StrictMath.log1p(tail(z));
    }

    /** Returns the sum of (-1)^k (2k - 1)!! / z^2k from k = 1. */
    private static double tail(double z) {
        double inverseSquare = 1 / (z * z);
        double term = 1;
        double sum = 0;
        for (int k = 1; k <= TERMS && Math.abs(term) > Math.ulp(1.0); k++) {
            term *= -(2 * k - 1) * inverseSquare;
            sum += term;
        }
        return sum;
    }
}
