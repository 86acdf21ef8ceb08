// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

import static java.util.Objects.requireNonNull;

/**
 * How many treated units a decision will cost (statistics.md §11). Treated units are the ones that may be harmed.
 *
 * @param baseRate events per control unit, in (0, 1)
 * @param treatmentShare share of treatment among compared units, in (0, 1)
 */
public record Planner(double baseRate, double treatmentShare) {
    private static final double HEALTHY_OVERHEAD = 0.4;

    /** @throws IllegalArgumentException if a number is out of its range */
    public Planner {
        Ranges.insideUnit("baseRate", baseRate);
        Ranges.insideUnit("treatmentShare", treatmentShare);
    }

    /**
     * Returns the information about the null ratio that one treated unit brings, in nats, together with its
     * {@code (1 - w) / w} control units. No test of level alpha with power one needs fewer than
     * {@code log(1 / alpha)} divided by this.
     *
     * @param ratio true ratio treatment / control; 0 for total loss; {@code baseRate * ratio} at most 1
     * @param nullRatio edge of the null hypothesis, above 0
     * @throws IllegalArgumentException if a number is out of its range
     */
    public double infoPerTreated(double ratio, double nullRatio) {
        Ranges.notNegative("ratio", ratio);
        return infoPerTreated(baseRate, baseRate * ratio, treatmentShare, nullRatio);
    }

    /** Returns {@link #infoPerTreated(double, double)} for a treated rate instead of a ratio. */
    static double infoPerTreated(double controlRate, double treatmentRate, double share, double nullRatio) {
        Ranges.unit("treatmentRate", treatmentRate);
        Ranges.positive("nullRatio", nullRatio);
        double x = ConstrainedBase.of(1 - share, share, controlRate, treatmentRate, nullRatio);
        return (1 - share) / share * divergence(controlRate, x) + divergence(treatmentRate, nullRatio * x);
    }

    /**
     * Returns about how many treated units a breach takes.
     *
     * @param ratio true ratio treatment / control, as in {@link #infoPerTreated(double, double)}
     * @param nullRatio edge of "no harm": one minus or plus the margin
     * @param alpha probability of a false rollback, in (0, 1)
     * @param memberWeight weight of the member that has to find it, in (0, 1]
     * @return mean number of treated units; infinite when the ratio is the null ratio
     * @throws IllegalArgumentException if a number is out of its range
     */
    public double unitsToBreach(double ratio, double nullRatio, double alpha, double memberWeight) {
        Ranges.insideUnit("alpha", alpha);
        Ranges.aboveZeroToOne("memberWeight", memberWeight);
        double nats = -StrictMath.log(alpha) - StrictMath.log(memberWeight) + breachOverhead(ratio);
        return nats / infoPerTreated(ratio, nullRatio);
    }

    /**
     * Returns about how many treated units it takes to prove an unchanged metric healthy.
     *
     * @param threshold relative change to exclude, as a fraction; DROP (0, 1), RISE above 0
     * @param beta probability of declaring a change of the threshold healthy, in (0, 1)
     * @return mean number of treated units
     * @throws IllegalArgumentException if a number is out of its range
     */
    public double unitsToHealthy(Direction direction, double threshold, double beta) {
        requireNonNull(direction, "direction");
        direction.requireThreshold("threshold", threshold);
        Ranges.insideUnit("beta", beta);
        return (HEALTHY_OVERHEAD - StrictMath.log(beta)) / infoPerTreated(1, direction.ratioAt(threshold));
    }

    /**
     * The constant c of the planner, in nats: what not knowing the effect costs. Given for drops up to 40 %, of 50 % and of
     * 100 %, and linear between. For rises it is read off the measured medians of statistics.md §12.4: 1.0 up to a
     * doubling, 1.6 from a fivefold on.
     */
    static double breachOverhead(double ratio) {
        if (ratio > 1) {
            return between(ratio, 2, 1.0, 5, 1.6);
        }
        double drop = 1 - ratio;
        return drop <= 0.5 ? between(drop, 0.4, 1.0, 0.5, 1.4) : between(drop, 0.5, 1.4, 1, 2.3);
    }

    private static double between(double x, double from, double atFrom, double to, double atTo) {
        double share = Math.max(0, Math.min(1, (x - from) / (to - from)));
        return atFrom + share * (atTo - atFrom);
    }

    /** Kullback-Leibler divergence between two coins, in nats. */
    private static double divergence(double p, double q) {
        double events = p == 0 ? 0 : p * StrictMath.log(p / q);
        double failures = p == 1 ? 0 : (1 - p) * StrictMath.log1p((q - p) / (1 - q));
        return events + failures;
    }
}
