// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

/**
 * The bins of {@link Histogram}: logarithmic, each 2 % wider than the one below, the same everywhere, so that histograms
 * merge by adding counts.
 *
 * <p>Bin 0 holds 0 and everything below {@value #LEAST}; a value above {@value #MOST} counts as that. Bins of values below
 * one have negative numbers.
 */
public final class LogBins {
    /** Values below count as 0. */
    public static final double LEAST = 1e-9;
    /** Values above count as this. */
    public static final double MOST = 1e15;

    static final double WIDTH = 1.02;
    private static final double LOG_WIDTH = StrictMath.log(WIDTH);
    /** What lies between the bin of zero and the bin of one: numbers of bins stay positive, as varints want them. */
    private static final int OFFSET = 1 + (int) StrictMath.ceil(-StrictMath.log(LEAST) / LOG_WIDTH);

    private LogBins() {}

    /**
     * Returns the bin of a value. Negative values count as 0: a refund larger than what was bought is no income.
     *
     * @return 0 for zero, larger for larger values
     * @throws IllegalArgumentException if the value is NaN or infinite
     */
    public static int of(double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("value must be finite, was " + value);
        }
        if (value < LEAST) {
            return 0;
        }
        return OFFSET + (int) StrictMath.ceil(StrictMath.log(Math.min(value, MOST)) / LOG_WIDTH);
    }

    /** Returns the value that stands for a bin: 0, or within 1 % of everything in it. */
    public static double value(int bin) {
        return bin == 0 ? 0 : StrictMath.exp((bin - OFFSET) * LOG_WIDTH) * 2 / (1 + WIDTH);
    }

    /** Returns by how many bins values grow that are multiplied by the factor, rounded down. */
    static int shift(double factor) {
        return (int) StrictMath.floor(StrictMath.log(factor) / LOG_WIDTH);
    }
}
