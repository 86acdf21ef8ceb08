// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

import java.util.ArrayList;
import java.util.List;

import static java.util.Objects.requireNonNull;

/**
 * Evidence about the ratio of two means, exact at every sample size and every look: a two-sample betting e-process on capped
 * values (statistics.md §4.5). The guarantee is for the mean of the capped, binned value.
 *
 * <p><b>How to feed it.</b> One {@link #update} per closed block with the histograms of the units of that block, each unit once
 * in a stratum with its final value: of users whose window is over, or with a value that is final at once.
 * Blocks may end by number of units and by time, never by values. The cap is frozen before the stratum starts, for instance the
 * 99.5 % quantile of control before the rollout ({@link Histogram#quantile}); strata may have different caps.
 *
 * <p>Start one process for the rollout and one for each stage from the second on, and one of the healthy test for each stage, as
 * for {@link RatioProcess}. The gate is {@link Gate} on {@link MantelHaenszel#ofMeans}.
 *
 * <p>Zero variance, nothing but zeros, total loss and an empty arm are ordinary input; a block with an empty arm adds no
 * evidence. Mutable and not thread-safe.
 */
public final class MeanProcess implements EProcess {
    /*
     * A bet multiplies the capital by 1 + lc (x - u) for each unit of control and by 1 - lt (x - rho u) for each treated one
     * (the signs the other way for a rise), with lc nC = rho lt nT. The expectation of the block is then linear in each arm's
     * mean, its log is concave, and its derivative along the edge of the null vanishes at control mean u: at most 1 all over the
     * null. Each factor stays at 0.1 or more because no bet risks more than nine tenths.
     *
     * StrictMath for the reason given in RatioCapital.
     */
    private static final double PRIOR_UNITS = 1;
    private static final double PRIOR_MEAN = 0.05;
    private static final double PRIOR_VARIANCE = 0.05;
    private static final double RISKED_AT_MOST = 0.9;
    private static final double LEAST_MEAN = 1e-9;
    private static final double GREATEST_MEAN = 0.95;
    private static final double LEAST_VARIANCE = 1e-12;

    private final MeanTest test;
    private final double[] effects;
    private final double[] logCapital;
    private double units = PRIOR_UNITS;
    private double sum = PRIOR_UNITS * PRIOR_MEAN;
    private double sumOfSquares = PRIOR_UNITS * (PRIOR_VARIANCE + PRIOR_MEAN * PRIOR_MEAN);
    private double logE;
    private double logSup = Double.NEGATIVE_INFINITY;

    private MeanProcess(MeanTest test) {
        this.test = requireNonNull(test, "test");
        effects = test.effects().stream().mapToDouble(Double::doubleValue).toArray();
        logCapital = test.weights().stream().mapToDouble(StrictMath::log).toArray();
    }

    /** Returns a fresh process; its log evidence is 0. */
    public static MeanProcess start(MeanTest test) {
        return new MeanProcess(test);
    }

    /**
     * Returns the process as it was when the snapshot was taken.
     *
     * @param test the test that the snapshot came from
     * @throws IllegalArgumentException if the snapshot has another number of bets than the test
     */
    public static MeanProcess restore(MeanTest test, MeanState state) {
        MeanProcess process = new MeanProcess(test);
        if (state.logCapital().size() != process.logCapital.length) {
            throw new IllegalArgumentException("logCapital must have one value per effect (" + process.logCapital.length
                    + "), had " + state.logCapital().size());
        }
        for (int k = 0; k < process.logCapital.length; k++) {
            process.logCapital[k] = state.logCapital().get(k);
        }
        process.units = state.units();
        process.sum = state.sum();
        process.sumOfSquares = state.sumOfSquares();
        process.logSup = state.logSup();
        // Before the first block the capital is the weights, whose sum may be one up to rounding: the evidence is 0.
        process.logE = state.logSup() == Double.NEGATIVE_INFINITY ? 0 : LogSpace.sum(process.logCapital);
        return process;
    }

    /**
     * Takes in one block.
     *
     * @param control values of the block's units of control
     * @param treatment values of its treated units
     * @param cap greatest value counted, above 0, frozen before the stratum
     * @throws IllegalArgumentException if the cap is out of its range; the state is then unchanged
     */
    public void update(Histogram control, Histogram treatment, double cap) {
        Ranges.positive("cap", cap);
        update(scaled(control, cap), counts(control), scaled(treatment, cap), counts(treatment));
    }

    /** Takes in one block of values that lie in [0, 1], each with its number of units. */
    void update(double[] controlValues, long[] control, double[] treatedValues, long[] treated) {
        double nC = total(control);
        double nT = total(treated);
        if (nC > 0 && nT > 0) {
            settle(controlValues, control, nC, treatedValues, treated, nT);
        }
        learn(controlValues, control);
        learn(treatedValues, treated);
        logE = LogSpace.sum(logCapital);
        logSup = Math.max(logSup, logE);
    }

    private void settle(
            double[] controlValues, long[] control, double nC, double[] treatedValues, long[] treated, double nT) {
        double rho = test.nullRatio();
        double u = Math.max(LEAST_MEAN, Math.min(sum / units, GREATEST_MEAN / Math.max(1, rho)));
        double variance = Math.max(sumOfSquares / units - u * u, LEAST_VARIANCE);
        int sign = test.shift() == Direction.DROP ? 1 : -1;
        for (int k = 0; k < effects.length; k++) {
            double stake = stake(effects[k], u, variance, nT / nC);
            double controlStake = rho * nT * stake / nC;
            logCapital[k] += gain(controlValues, control, sign * controlStake, u)
                    + gain(treatedValues, treated, -sign * stake, rho * u);
        }
    }

    /** The stake on a treated unit: about the best for this effect, and never more than may be lost. */
    private double stake(double effect, double u, double variance, double treatedPerControl) {
        double rho = test.nullRatio();
        double best = effect * rho * u / (variance * (1 + rho * rho * treatedPerControl));
        double treatedLimit = test.shift() == Direction.DROP ? 1 - rho * u : rho * u;
        double controlLimit = rho * treatedPerControl * (test.shift() == Direction.DROP ? u : 1 - u);
        return Math.min(best, Math.min(RISKED_AT_MOST / treatedLimit, RISKED_AT_MOST / controlLimit));
    }

    private static double gain(double[] values, long[] counts, double stake, double fair) {
        double gain = 0;
        for (int i = 0; i < values.length; i++) {
            gain += counts[i] * StrictMath.log1p(stake * (values[i] - fair));
        }
        return gain;
    }

    private void learn(double[] values, long[] counts) {
        for (int i = 0; i < values.length; i++) {
            units += counts[i];
            sum += counts[i] * values[i];
            sumOfSquares += counts[i] * values[i] * values[i];
        }
    }

    private static double[] scaled(Histogram histogram, double cap) {
        double[] values = new double[histogram.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.min(LogBins.value(histogram.bin(i)), cap) / cap;
        }
        return values;
    }

    private static long[] counts(Histogram histogram) {
        long[] counts = new long[histogram.size()];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = histogram.count(i);
        }
        return counts;
    }

    private static double total(long[] counts) {
        double total = 0;
        for (long count : counts) {
            total += count;
        }
        return total;
    }

    @Override
    public double logE() {
        return logE;
    }

    @Override
    public double logSup() {
        return logSup;
    }

    /** Returns what is being tested. */
    public MeanTest test() {
        return test;
    }

    /** Returns the state as a value that no later update changes. */
    public MeanState snapshot() {
        List<Double> capital = new ArrayList<>(logCapital.length);
        for (double each : logCapital) {
            capital.add(each);
        }
        return new MeanState(capital, units, sum, sumOfSquares, logSup);
    }
}
