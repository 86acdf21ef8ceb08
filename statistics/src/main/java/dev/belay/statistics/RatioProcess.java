// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

import java.util.ArrayList;
import java.util.List;

import static java.util.Objects.requireNonNull;

/**
 * Evidence against a null ratio, updated block by block and valid at every look: a ratio e-process.
 *
 * <p>While the null holds in every block, the probability that {@link #logE()} ever reaches {@code log(1 / alpha)} is at
 * most alpha, whatever the base rate, the allocation, the season and the number of looks (statistics.md §4.1, §4.2,
 * §8). Block boundaries must not depend on outcomes.
 *
 * <p>Mutable and not thread-safe; {@link #update} allocates nothing. {@link #snapshot()} and {@link #restore} carry the
 * state through a store without changing a bit: the same blocks in the same order give the same bits on every JVM.
 */
public final class RatioProcess implements EProcess {
    private final RatioTest test;
    private final RatioCapital capital;
    private double invested;
    private double logReserve;
    private double logE;
    private double logSup = Double.NEGATIVE_INFINITY;

    private RatioProcess(RatioTest test) {
        this.test = requireNonNull(test, "test");
        capital = new RatioCapital(test);
    }

    /** Returns a fresh process with all capital invested; its log evidence is 0. */
    public static RatioProcess start(RatioTest test) {
        return start(test, 1);
    }

    /**
     * Returns a fresh process that keeps a reserve for later {@link #invest}ments.
     *
     * @param fraction share of the capital invested at once, in (0, 1]
     * @throws IllegalArgumentException if the fraction is out of its range
     */
    public static RatioProcess start(RatioTest test, double fraction) {
        RatioProcess process = new RatioProcess(test);
        process.invest(fraction);
        return process;
    }

    /**
     * Returns the process as it was when the snapshot was taken.
     *
     * @param test the test that the snapshot came from
     * @throws IllegalArgumentException if the snapshot has another number of alternatives than the test
     */
    public static RatioProcess restore(RatioTest test, RatioState state) {
        RatioProcess process = new RatioProcess(test);
        process.capital.restore(state);
        process.setInvested(state.invested());
        process.logE = process.capital.logTotal(process.logReserve);
        process.logSup = state.logSup();
        return process;
    }

    /**
     * Puts a further share of the initial capital to work from the next block on. A restart costs weight instead of a
     * fresh alpha.
     *
     * @param fraction share of the initial capital, above 0, at most what is not invested yet
     * @throws IllegalArgumentException if the fraction is out of its range
     */
    public void invest(double fraction) {
        Ranges.aboveZeroToOne("fraction", fraction);
        double sum = invested + fraction;
        if (sum > 1 + Ranges.ROUNDING) {
            throw new IllegalArgumentException(
                    "fraction must not exceed what is left (" + (1 - invested) + "), was " + fraction);
        }
        capital.add(StrictMath.log(fraction));
        setInvested(Math.min(sum, 1));
        logE = capital.logTotal(logReserve);
    }

    /**
     * Takes in one block.
     *
     * <p>Empty arms, zero events and total loss are ordinary input. A block with an empty arm adds no evidence; its counts
     * enter the tuning sums only.
     *
     * @param controlUnits exposures of control; in ARRIVAL mode the exposure weight, usually the cohort's size so far
     * @param treatmentUnits exposures of treatment, as for control
     * @param controlEvents events of control in this block; in BERNOULLI mode at most {@code controlUnits}
     * @param treatmentEvents events of treatment in this block; in BERNOULLI mode at most {@code treatmentUnits}
     * @throws IllegalArgumentException if a count is negative or, in BERNOULLI mode, events exceed units; the state is
     *     then unchanged
     */
    public void update(long controlUnits, long treatmentUnits, long controlEvents, long treatmentEvents) {
        capital.settle(controlUnits, treatmentUnits, controlEvents, treatmentEvents);
        look();
    }

    /**
     * Takes in one block of counts that come in clusters, each divided by how clustered they are (statistics.md §4.8): the
     * quasi-Poisson option of ARRIVAL mode. A heuristic: the guarantee is as good as the {@link Dispersion} is known.
     *
     * @param dispersion variance of a unit's count in units of its mean, from blocks before this one, at least 1
     * @throws IllegalArgumentException if a number is out of its range or the mode is BERNOULLI; the state is then unchanged
     */
    public void updateClustered(
            long controlUnits, long treatmentUnits, long controlEvents, long treatmentEvents, double dispersion) {
        capital.settleClustered(controlUnits, treatmentUnits, controlEvents, treatmentEvents, dispersion);
        look();
    }

    private void look() {
        logE = capital.logTotal(logReserve);
        logSup = Math.max(logSup, logE);
    }

    /** Returns the log evidence now, invested and reserved capital together; 0 at the start. */
    @Override
    public double logE() {
        return logE;
    }

    @Override
    public double logSup() {
        return logSup;
    }

    /** Returns what is being tested. */
    public RatioTest test() {
        return test;
    }

    /** Returns the state as a value that no later update changes. */
    public RatioState snapshot() {
        List<Double> logCapital = new ArrayList<>(capital.size());
        for (int k = 0; k < capital.size(); k++) {
            logCapital.add(capital.logCapital(k));
        }
        return new RatioState(
                logCapital,
                capital.controlUnits(),
                capital.treatmentUnits(),
                capital.controlEvents(),
                capital.treatmentEvents(),
                invested,
                logSup);
    }

    private void setInvested(double share) {
        invested = share;
        logReserve = share < 1 ? StrictMath.log1p(-share) : Double.NEGATIVE_INFINITY;
    }
}
