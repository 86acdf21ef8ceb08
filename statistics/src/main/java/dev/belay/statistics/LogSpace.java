// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

/** Sums of numbers kept as natural logarithms, so that no evidence is ever exponentiated out of range. */
final class LogSpace {
    /** A term this far below the largest cannot change the sum: exp(-40) is far below half an ulp of one. */
    private static final double NEGLIGIBLE = -40;

    private LogSpace() {}

    /** Returns log(sum of exp(terms) + exp(extra)); negative infinity when every term is. */
    static double sum(double[] terms, double extra) {
        double largest = extra;
        for (double term : terms) {
            largest = Math.max(largest, term);
        }
        if (largest == Double.NEGATIVE_INFINITY) {
            return largest;
        }
        double total = share(extra - largest);
        for (double term : terms) {
            total += share(term - largest);
        }
        return largest + StrictMath.log(total);
    }

    static double sum(double[] terms) {
        return sum(terms, Double.NEGATIVE_INFINITY);
    }

    /** Returns log(exp(a) + exp(b)). */
    static double add(double a, double b) {
        double largest = Math.max(a, b);
        return largest == Double.NEGATIVE_INFINITY
                ? largest
                : largest + StrictMath.log1p(StrictMath.exp(Math.min(a, b) - largest));
    }

    private static double share(double difference) {
        return difference < NEGLIGIBLE ? 0 : StrictMath.exp(difference);
    }
}
