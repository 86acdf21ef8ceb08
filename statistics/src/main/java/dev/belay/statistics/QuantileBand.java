// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

/**
 * Between which quantiles of the units seen so far the true quantile lies, at every look (statistics.md §4.7): the
 * beta-binomial rank band. For people; decisions rest on {@link QuantileLimit}.
 *
 * @param lower lower rank, 0 to 1; 0 when the units are too few to bound it
 * @param upper upper rank, 0 to 1; 1 when the units are too few to bound it
 */
public record QuantileBand(double lower, double upper) {

    /** @throws IllegalArgumentException if a rank is out of its range or they are out of order */
    public QuantileBand {
        Ranges.unit("lower", lower);
        Ranges.unit("upper", upper);
        if (lower > upper) {
            throw new IllegalArgumentException("lower must not exceed upper (" + upper + "), was " + lower);
        }
    }

    /**
     * Returns the band.
     *
     * @param units number of values seen, at least 1
     * @param quantile which quantile, in (0, 1)
     * @param alpha probability that the true quantile is ever left out, in (0, 1)
     * @param narrowestAt number of values at which the band should be narrowest, at least 1; any number is valid
     * @throws IllegalArgumentException if a number is out of its range
     */
    public static QuantileBand of(long units, double quantile, double alpha, long narrowestAt) {
        Ranges.positive("units", units);
        Ranges.insideUnit("quantile", quantile);
        Ranges.insideUnit("alpha", alpha);
        Ranges.positive("narrowestAt", narrowestAt);
        return new QuantileBand(
                Math.max(0, quantile - distance(units, 1 - quantile, alpha, narrowestAt)),
                Math.min(1, quantile + distance(units, quantile, alpha, narrowestAt)));
    }

    /**
     * Returns the values at the band's ends.
     *
     * @return from 0 to infinity where the band reaches the ends, to the precision of the histogram's bins
     */
    public Interval values(Histogram seen) {
        return new Interval(
                lower <= 0 ? 0 : seen.quantile(lower), upper >= 1 ? Double.POSITIVE_INFINITY : seen.quantile(upper));
    }

    /** How far above the quantile the share of smaller values may be; below it, with the complement for the quantile. */
    private static double distance(long units, double quantile, double alpha, long narrowestAt) {
        double variance = quantile * (1 - quantile);
        double v = units * variance;
        double scale = BetaBinomial.bestScale(narrowestAt * variance, alpha, quantile, 1 - quantile);
        double limit = -StrictMath.log(alpha);
        // Beyond it the sum would need more units than there are.
        double furthest = Math.nextDown(units * (1 - quantile));
        if (BetaBinomial.logMixture(furthest, v, scale, quantile, 1 - quantile) < limit) {
            return 1;
        }
        return Bisection.rootBetween(
                        0, furthest, s -> BetaBinomial.logMixture(s, v, scale, quantile, 1 - quantile) - limit)
                / units;
    }
}
