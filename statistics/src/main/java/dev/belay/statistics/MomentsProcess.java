// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

import static java.util.Objects.requireNonNull;

/**
 * Evidence about the ratio of two means where only number, sum and sum of squares are known: an asymptotic, time-stratified
 * normal mixture (statistics.md §4.6).
 *
 * <p><b>Not exact.</b> With heavy tails and a treated share below 10 % it rolls back twice as often as it should (5 to 10 %
 * at 5 %, measured): use {@link MeanProcess} wherever values can be binned.
 *
 * <p><b>How to feed it.</b> As {@link MeanProcess}: one {@link #update} per closed block, each unit once, values of the block's
 * units only. Nothing is concluded before each arm has 100 units, control's mean is above 0 and some block had two different
 * values; blocks with an empty arm and blocks before that teach the variance only. Mutable and not thread-safe.
 */
public final class MomentsProcess implements EProcess {
    /*
     * Per block d = mean of treatment - rho * mean of control, weighted by its inverse variance as past blocks know it: the
     * contrast within a block is free of season and of the split. S is the weighted sum, turned so that the bet is positive,
     * V its intrinsic time. The treated variance is shrunk to control's, as if 50 treated units had shown that.
     */
    private static final long BURN_IN_UNITS = 100;
    private static final double SHRINKING_UNITS = 50;
    private static final double[] SCALES = {1, 1.0 / 25};
    private static final double[] LOG_WEIGHTS = {StrictMath.log(0.65), StrictMath.log(0.35)};

    private final MomentsTest test;
    private MomentsState state = MomentsState.START;
    private double logE;

    private MomentsProcess(MomentsTest test) {
        this.test = requireNonNull(test, "test");
    }

    /** Returns a fresh process; its log evidence is 0. */
    public static MomentsProcess start(MomentsTest test) {
        return new MomentsProcess(test);
    }

    /** Returns the process as it was when the snapshot was taken. */
    public static MomentsProcess restore(MomentsTest test, MomentsState state) {
        MomentsProcess process = new MomentsProcess(test);
        process.state = requireNonNull(state, "state");
        process.logE = process.logEvidence();
        return process;
    }

    /** Takes in the values of one block. */
    public void update(Moments control, Moments treatment) {
        MomentsState before = state;
        double scale = before.scale() == 0 ? scale() : before.scale();
        double sum = before.sum();
        double time = before.time();
        double variance = blockVariance(control.units(), treatment.units());
        if (scale > 0 && variance > 0) {
            double contrast = treatment.mean() - test.nullRatio() * control.mean();
            int sign = test.shift() == Direction.DROP ? 1 : -1;
            sum -= sign * contrast / variance;
            time += 1 / variance;
        }
        state = new MomentsState(
                before.controlUnits() + control.units(),
                before.treatmentUnits() + treatment.units(),
                before.controlSum() + control.sum(),
                before.controlSquares() + control.squaredDistances(),
                before.controlFreedom() + Math.max(0, control.units() - 1),
                before.treatmentSquares() + treatment.squaredDistances(),
                before.treatmentFreedom() + Math.max(0, treatment.units() - 1),
                sum,
                time,
                scale,
                before.logSup());
        logE = logEvidence();
        state = withLogSup(Math.max(before.logSup(), logE));
    }

    /** Returns the variance of a block's contrast as past blocks know it, 0 when there is nothing to know or compare. */
    private double blockVariance(double control, double treatment) {
        if (control == 0 || treatment == 0 || state.controlFreedom() == 0) {
            return 0;
        }
        double rho = test.nullRatio();
        double controlVariance = state.controlSquares() / state.controlFreedom();
        double treatmentVariance = (state.treatmentSquares() + SHRINKING_UNITS * controlVariance)
                / (state.treatmentFreedom() + SHRINKING_UNITS);
        return treatmentVariance / treatment + rho * rho * controlVariance / control;
    }

    /** Returns the concentration that suits an effect of the threshold, 0 while the burn-in goes on. */
    private double scale() {
        boolean isBurntIn = state.controlUnits() >= BURN_IN_UNITS && state.treatmentUnits() >= BURN_IN_UNITS;
        double effect = isBurntIn ? test.threshold() * state.controlSum() / state.controlUnits() : 0;
        if (!(effect > 0)) {
            return 0;
        }
        double wanted = 2 * (1 - StrictMath.log(test.level())) / (effect * effect);
        double scale = NormalMixture.bestScaleOneSided(wanted, test.level());
        return Double.isFinite(scale) ? scale : 0;
    }

    private double logEvidence() {
        if (state.scale() == 0 || state.time() == 0) {
            return 0;
        }
        double[] terms = new double[SCALES.length];
        for (int i = 0; i < terms.length; i++) {
            terms[i] = LOG_WEIGHTS[i] + NormalMixture.oneSided(state.sum(), state.time(), SCALES[i] * state.scale());
        }
        return LogSpace.sum(terms);
    }

    private MomentsState withLogSup(double logSup) {
        return new MomentsState(
                state.controlUnits(),
                state.treatmentUnits(),
                state.controlSum(),
                state.controlSquares(),
                state.controlFreedom(),
                state.treatmentSquares(),
                state.treatmentFreedom(),
                state.sum(),
                state.time(),
                state.scale(),
                logSup);
    }

    @Override
    public double logE() {
        return logE;
    }

    @Override
    public double logSup() {
        return state.logSup();
    }

    /** Returns what is being tested. */
    public MomentsTest test() {
        return test;
    }

    /** Returns the state as a value that no later update changes. */
    public MomentsState snapshot() {
        return state;
    }
}
