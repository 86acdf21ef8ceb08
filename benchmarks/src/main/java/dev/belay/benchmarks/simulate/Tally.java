// SPDX-License-Identifier: Apache-2.0
package dev.belay.benchmarks.simulate;

import java.util.Base64;

import dev.belay.statistics.Histogram;
import org.apache.commons.math3.distribution.BetaDistribution;

/**
 * What a rule did in some rollouts of a cell.
 *
 * @param rollouts how many there were
 * @param fired in how many it fired
 * @param treated sum of the treated users when it fired, or at the end when it did not
 * @param treatedWhenFired treated users when it fired
 */
record Tally(long rollouts, long fired, double treated, Histogram treatedWhenFired) {
    static final Tally NONE = new Tally(0, 0, 0, Histogram.EMPTY);

    private static final double HALF = 0.5;
    private static final double UPPER_LEVEL = 0.95;
    private static final String TAB = "\t";

    Tally plus(Tally more) {
        return new Tally(
                rollouts + more.rollouts,
                fired + more.fired,
                treated + more.treated,
                treatedWhenFired.plus(more.treatedWhenFired));
    }

    Tally with(boolean hasFired, long treatedUsers) {
        return new Tally(
                rollouts + 1,
                fired + (hasFired ? 1 : 0),
                treated + treatedUsers,
                hasFired ? treatedWhenFired.with(treatedUsers) : treatedWhenFired);
    }

    double share() {
        return (double) fired / rollouts;
    }

    /** Returns the one-sided upper 95 % limit of the share (Clopper and Pearson). */
    double upperLimit() {
        return fired == rollouts
                ? 1
                : new BetaDistribution(null, fired + 1.0, rollouts - fired).inverseCumulativeProbability(UPPER_LEVEL);
    }

    /** Returns the mean of the treated users; too small where the rule did not always fire. */
    double mean() {
        return treated / rollouts;
    }

    /** Returns the median of the treated users, infinite when the rule fired in less than half. */
    double median() {
        return share() < HALF ? Double.POSITIVE_INFINITY : treatedWhenFired.quantile(HALF / share());
    }

    String written() {
        return rollouts
                + TAB
                + fired
                + TAB
                + treated
                + TAB
                + Base64.getEncoder().encodeToString(treatedWhenFired.toBytes());
    }

    static Tally read(String[] fields, int from) {
        return new Tally(
                Long.parseLong(fields[from]),
                Long.parseLong(fields[from + 1]),
                Double.parseDouble(fields[from + 2]),
                Histogram.fromBytes(Base64.getDecoder().decode(fields[from + 3])));
    }
}
