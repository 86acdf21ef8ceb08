// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

/**
 * An interval for the rate of one arm that may be looked at as often as one likes (Howard and Ramdas 2022; the Bernoulli
 * interval of their library). For people: "control converts 9.4 to 10.9 %".
 */
public final class RateInterval {
    private RateInterval() {}

    /**
     * Returns the interval.
     *
     * @param events units with an event, from 0 to {@code units}
     * @param units units, at least 1
     * @param alpha probability that the true rate is ever left out, in (0, 1)
     * @param narrowestAt number of units at which the interval should be narrowest, at least 1; any number is valid
     * @throws IllegalArgumentException if a number is out of its range
     */
    public static Interval of(long events, long units, double alpha, long narrowestAt) {
        Ranges.notNegative("events", events);
        Ranges.positive("units", units);
        Ranges.noMore("events", events, "units", units);
        Ranges.insideUnit("alpha", alpha);
        Ranges.positive("narrowestAt", narrowestAt);
        double seen = (double) events / units;
        double limit = -StrictMath.log(alpha);
        // The seen rate itself is never refused; next to 0 and 1 every rate is, unless it was seen.
        double lower = events == 0
                ? 0
                : Bisection.rootBetween(
                        Double.MIN_NORMAL, seen, rate -> limit - log(events, units, rate, alpha, narrowestAt));
        double upper = events == units
                ? 1
                : Bisection.rootBetween(
                        Math.nextDown(1.0), seen, rate -> limit - log(events, units, rate, alpha, narrowestAt));
        return new Interval(lower, upper);
    }

    private static double log(long events, long units, double rate, double alpha, long narrowestAt) {
        if (rate <= 0 || rate >= 1) {
            return Double.NEGATIVE_INFINITY;
        }
        double variance = rate * (1 - rate);
        double scale = BetaBinomial.bestScale(narrowestAt * variance, alpha, rate, 1 - rate);
        return BetaBinomial.logMixture(events - units * rate, units * variance, scale, rate, 1 - rate);
    }
}
