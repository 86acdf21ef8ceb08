// SPDX-License-Identifier: Apache-2.0
package dev.belay.benchmarks.simulate;

import java.util.ArrayList;
import java.util.List;

import dev.belay.statistics.SampleRatioMismatch;
import dev.belay.statistics.SplitCount;

/**
 * The rules of others, written down from their sources and documents (statistics.md §12, §14), each for one-sided harm. Their state is
 * what a {@link Peek} sums up.
 */
final class Rules {
    static final double PEER_ALPHA = 0.05;
    /** Quantile of the standard normal distribution for a one-sided test at 5 %. */
    private static final double Z = 1.6448536269514722;

    private static final double GROWTHBOOK_TUNING = 5_000;
    private static final int USERS_A_MINUTE = 2_000;
    private static final int FAILED_CHECKS = 5;

    private Rules() {}

    /** Mixture sequential probability ratio test of the difference, its width tuned to the threshold and the true base rate. */
    static Rule msprt(Cell cell) {
        double tau = Cell.THRESHOLD * cell.base();
        double limit = -StrictMath.log(PEER_ALPHA);
        return peek -> {
            double difference = rate(peek.allST, peek.allNT) - rate(peek.allSC, peek.allNC);
            double pooled = rate(peek.allSC + peek.allST, peek.allNC + peek.allNT);
            double variance = pooled * (1 - pooled) * (1.0 / peek.allNC + 1.0 / peek.allNT);
            if (!(variance > 0) || difference >= 0) {
                return false;
            }
            double wide = variance + tau * tau;
            return 0.5 * Math.log(variance / wide) + tau * tau * difference * difference / (2 * variance * wide)
                    >= limit;
        };
    }

    /**
     * GrowthBook's Safe Rollout: one-sided asymptotic confidence sequence of the absolute difference (gbstats, tuned to 5,000 units).
     * Without variance in one arm it gives no result.
     *
     * @param leastEvents events needed before it looks
     */
    static Rule growthBook(long leastEvents) {
        return peek -> {
            double control = rate(peek.allSC, peek.allNC);
            double treated = rate(peek.allST, peek.allNT);
            double controlVariance = control * (1 - control);
            double treatedVariance = treated * (1 - treated);
            if (controlVariance <= 0
                    || treatedVariance <= 0
                    || peek.allSC + peek.allST < leastEvents
                    || treated >= control) {
                return false;
            }
            double error = Math.sqrt(controlVariance / peek.allNC + treatedVariance / peek.allNT);
            return treated - control + growthBookHalfWidth(error, (double) peek.allNC + peek.allNT) < 0;
        };
    }

    static double growthBookHalfWidth(double standardError, double n) {
        double twice = -2 * Math.log(2 * PEER_ALPHA);
        double rhoSquared = (twice + Math.log1p(twice)) / GROWTHBOOK_TUNING;
        double time = n * rhoSquared + 1;
        return standardError
                * Math.sqrt(n)
                * Math.sqrt(2 * time * Math.log1p(Math.sqrt(time) / (2 * PEER_ALPHA)) / (n * n * rhoSquared));
    }

    /** Netflix: events of both arms against their shares, Dirichlet-multinomial, two-sided; here it only counts below. */
    static Rule multinomial(Cell cell) {
        double limit = -StrictMath.log(PEER_ALPHA);
        return new Rule() {
            private final List<SplitCount> closed = new ArrayList<>();
            private double closedMost;
            private long control;
            private long treated;

            @Override
            public boolean fires(Peek peek) {
                double share = cell.shares().get(peek.stage);
                if (peek.isNewStage) {
                    // Strata before count in full, whatever they hold.
                    closedMost = Double.POSITIVE_INFINITY;
                    closed.add(SplitCount.of(cell.shares().get(peek.stage - 1), control, treated));
                    control = 0;
                    treated = 0;
                }
                control += peek.sC;
                treated += peek.sT;
                double missing = control * share - treated * (1 - share);
                double events = Math.max(1, control + treated);
                // A mixture is at most its best part, and a divergence at most chi-square: most looks end here.
                double most = closedMost + missing * missing / (events * share * (1 - share));
                if (missing <= 0 || most < limit) {
                    return false;
                }
                List<SplitCount> all = new ArrayList<>(closed);
                all.add(SplitCount.of(share, control, treated));
                return SampleRatioMismatch.logE(all) >= limit;
            }
        };
    }

    /** A z-test at every peek. */
    static Rule peekedZ(long leastTreated) {
        return peek -> {
            double pooled = rate(peek.allSC + peek.allST, peek.allNC + peek.allNT);
            double variance = pooled * (1 - pooled) * (1.0 / peek.allNC + 1.0 / peek.allNT);
            double difference = rate(peek.allST, peek.allNT) - rate(peek.allSC, peek.allNC);
            return peek.allNT >= leastTreated && variance > 0 && difference <= -Z * Math.sqrt(variance);
        };
    }

    /** The estimate beyond the threshold. */
    static Rule point(long leastTreated) {
        return peek -> peek.allNT >= leastTreated
                && peek.allSC > 0
                && rate(peek.allST, peek.allNT) <= (1 - Cell.THRESHOLD) * rate(peek.allSC, peek.allNC);
    }

    /**
     * Flagger: the treated rate of each minute against an absolute limit, which is set knowing the base rate; over after five failed
     * checks.
     *
     * @param consecutive whether a passed check clears the count; Flagger's own does not
     */
    static Rule flagger(Cell cell, boolean consecutive) {
        double limit = (1 - Cell.THRESHOLD) * cell.base();
        return new Rule() {
            private long users;
            private long units;
            private long events;
            private int failed;

            @Override
            public boolean fires(Peek peek) {
                users += peek.nC + peek.nT;
                units += peek.nT;
                events += peek.sT;
                if (users < USERS_A_MINUTE) {
                    return false;
                }
                boolean passes = rate(events, units) >= limit;
                failed = passes ? (consecutive ? 0 : failed) : failed + 1;
                users = 0;
                units = 0;
                events = 0;
                return failed >= FAILED_CHECKS;
            }
        };
    }

    private static double rate(long events, long units) {
        return (double) events / units;
    }
}
