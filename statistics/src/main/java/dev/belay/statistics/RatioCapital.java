// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

import java.util.Arrays;
import java.util.List;

/** The capital of each alternative and the sums that tune the bets; the mutable half of a {@link RatioTest}. */
final class RatioCapital {
    /*
     * One block multiplies the capital of alternative k by a block-wise growth-optimal e-variable (statistics.md §4.1,
     * §4.2). Only logarithms are kept. The bets of a block use sums of earlier blocks only, which is what makes the
     * product a supermartingale; the sums are therefore added after the bets are settled.
     *
     * Cost: per alternative two log, two log1p and a square root in BERNOULLI mode, one log in ARRIVAL mode; nothing is
     * allocated.
     *
     * StrictMath throughout: Math.log and Math.exp may be replaced by intrinsics that differ in the last bit between
     * the interpreter, the compilers and CPUs, and a verdict must be recomputed bit for bit from its blocks.
     * Math.sqrt is exact by definition.
     */

    /** Highest rate an alternative may assume for either arm. */
    private static final double RATE_CAP = 0.95;
    /** A rate of the null point above this would make a failure impossible; the cap only lowers evidence. */
    private static final double BELOW_ONE = Math.nextDown(1.0);

    private final OutcomeMode mode;
    private final double rho;
    private final double priorEvents;
    private final double[] ratios;
    private final double[] logWeights;
    /** log(ratio / rho), the gain of one treated event in ARRIVAL mode. */
    private final double[] logGains;

    private final double[] logCapital;
    private double controlUnits;
    private double treatmentUnits;
    private double controlEvents;
    private double treatmentEvents;

    /** Starts with no capital. */
    RatioCapital(RatioTest test) {
        List<Double> alternatives = test.alternatives().ratios();
        List<Double> weights = test.alternatives().weights();
        mode = test.mode();
        rho = test.alternatives().nullRatio();
        priorEvents = test.priorEvents();
        ratios = new double[alternatives.size()];
        logWeights = new double[ratios.length];
        logGains = new double[ratios.length];
        logCapital = new double[ratios.length];
        for (int k = 0; k < ratios.length; k++) {
            ratios[k] = alternatives.get(k);
            logWeights[k] = StrictMath.log(weights.get(k));
            logGains[k] = StrictMath.log(ratios[k] / rho);
            logCapital[k] = Double.NEGATIVE_INFINITY;
        }
    }

    int size() {
        return ratios.length;
    }

    double logCapital(int alternative) {
        return logCapital[alternative];
    }

    double controlUnits() {
        return controlUnits;
    }

    double treatmentUnits() {
        return treatmentUnits;
    }

    double controlEvents() {
        return controlEvents;
    }

    double treatmentEvents() {
        return treatmentEvents;
    }

    /** Returns log of all capital plus {@code exp(logReserve)}. */
    double logTotal(double logReserve) {
        return LogSpace.sum(logCapital, logReserve);
    }

    /** Adds capital, spread by the prior weights. */
    void add(double logAmount) {
        for (int k = 0; k < ratios.length; k++) {
            logCapital[k] = LogSpace.add(logCapital[k], logWeights[k] + logAmount);
        }
    }

    void clear() {
        Arrays.fill(logCapital, Double.NEGATIVE_INFINITY);
    }

    void restore(RatioState state) {
        if (state.logCapital().size() != ratios.length) {
            throw new IllegalArgumentException("logCapital must have one value per alternative (" + ratios.length
                    + "), had " + state.logCapital().size());
        }
        for (int k = 0; k < ratios.length; k++) {
            logCapital[k] = state.logCapital().get(k);
        }
        controlUnits = state.controlUnits();
        treatmentUnits = state.treatmentUnits();
        controlEvents = state.controlEvents();
        treatmentEvents = state.treatmentEvents();
    }

    /** Settles the bets of one block and then learns from it. A block with an empty arm settles nothing. */
    void settle(long nC, long nT, long sC, long sT) {
        requireCounts(nC, nT, sC, sT);
        if (nC > 0 && nT > 0) {
            for (int k = 0; k < ratios.length; k++) {
                logCapital[k] += mode == OutcomeMode.BERNOULLI
                        ? bernoulliGain(ratios[k], nC, nT, sC, sT)
                        : arrivalGain(k, nC, nT, sC, sT);
            }
        }
        learn(nC, nT, sC, sT);
    }

    /** As {@link #settle}, with one unit of fresh capital first; nothing happens when the counts are refused. */
    void settleAfterAdding(long nC, long nT, long sC, long sT) {
        requireCounts(nC, nT, sC, sT);
        add(0);
        settle(nC, nT, sC, sT);
    }

    /** As {@link #settle}, with every event counting for less than one. */
    void settleClustered(long nC, long nT, long sC, long sT, double dispersion) {
        if (mode != OutcomeMode.ARRIVAL) {
            throw new IllegalArgumentException("mode must be ARRIVAL for clustered counts, was " + mode);
        }
        if (!(dispersion >= 1 && dispersion < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("dispersion must be finite and at least 1, was " + dispersion);
        }
        requireCounts(nC, nT, sC, sT);
        if (nC > 0 && nT > 0) {
            for (int k = 0; k < ratios.length; k++) {
                logCapital[k] += arrivalGain(k, nC, nT, sC / dispersion, sT / dispersion);
            }
        }
        learn(nC, nT, sC, sT);
    }

    private void learn(long nC, long nT, long sC, long sT) {
        controlUnits += nC;
        treatmentUnits += nT;
        controlEvents += sC;
        treatmentEvents += sT;
    }

    private double bernoulliGain(double ratio, double nC, double nT, double sC, double sT) {
        double base = baseRateGuess(ratio);
        double changed = ratio * base;
        double nullBase = ConstrainedBase.of(nC, nT, base, changed, rho);
        return armGain(sC, nC - sC, base, nullBase) + armGain(sT, nT - sT, changed, rho * nullBase);
    }

    private double baseRateGuess(double ratio) {
        double guess = (controlEvents + treatmentEvents + priorEvents)
                / (controlUnits + ratio * treatmentUnits + RatioTest.PRIOR_UNITS);
        return Math.min(guess, RATE_CAP / Math.max(1, ratio));
    }

    /** Log likelihood ratio of one arm, its rate under the alternative against its rate at the null point. */
    private static double armGain(double events, double failures, double alternative, double nullPoint) {
        double nullRate = Math.min(nullPoint, BELOW_ONE);
        double gain = 0;
        if (events > 0) {
            gain += events * StrictMath.log(alternative / nullRate);
        }
        if (failures > 0) {
            gain += failures * StrictMath.log1p((nullRate - alternative) / (1 - nullRate));
        }
        return gain;
    }

    private double arrivalGain(int k, double nC, double nT, double sC, double sT) {
        double events = sC + sT;
        return events == 0 ? 0 : sT * logGains[k] + events * StrictMath.log((nC + rho * nT) / (nC + ratios[k] * nT));
    }

    private void requireCounts(long nC, long nT, long sC, long sT) {
        Ranges.notNegative("controlUnits", nC);
        Ranges.notNegative("treatmentUnits", nT);
        Ranges.notNegative("controlEvents", sC);
        Ranges.notNegative("treatmentEvents", sT);
        if (mode == OutcomeMode.BERNOULLI) {
            Ranges.noMoreInBernoulliMode("controlEvents", sC, "controlUnits", nC);
            Ranges.noMoreInBernoulliMode("treatmentEvents", sT, "treatmentUnits", nT);
        }
    }
}
