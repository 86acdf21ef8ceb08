// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;

import static java.util.Objects.requireNonNull;

/**
 * A quantile that must not change by more than a threshold, as an exceedance that {@link RatioProcess} can judge
 * (statistics.md §4.7): the level is control's quantile, frozen before the stratum, and the event of a unit is a value beyond it.
 *
 * <p><b>How to feed it.</b> {@link #freeze} from control's histogram of the time before the rollout or of the previous stage, and
 * keep the record with the stratum. Per closed block, {@link #harm} of the block's two histograms goes into a process of
 * {@link #harmTest}, {@link #health} into one of {@link #healthTest}. The gate is {@link #isGateOpen} on the strata of the member's
 * scope. One value per unit: the unit's median request, or its only one.
 *
 * <p>For health the treated units' level lies the threshold further out: were treatment's quantile beyond the threshold, at least as
 * large a share of it would exceed that level as of control exceeds its own. To prove that less does is to prove the quantile within
 * its limit, whatever the distribution. (statistics.md gives no test of health for quantiles.) The tolerant margin works likewise.
 *
 * @param direction harmful direction of the quantile: RISE for latencies
 * @param quantile which quantile, in (0, 1)
 * @param threshold relative change that the guardrail forbids, as a fraction; DROP (0, 1), RISE above 0
 * @param sensitivity preset of the guardrail
 * @param level bin of {@link LogBins} that control's quantile was in
 */
public record QuantileLimit(
        Direction direction, double quantile, double threshold, Sensitivity sensitivity, int level) {
    /** Relative rise of the exceedance rate that the bets start from. */
    private static final double EXCEEDANCE_RISE = 0.30;
    /** Relative fall of it that bets on health start from. */
    private static final double EXCEEDANCE_FALL = 0.20;

    /** @throws IllegalArgumentException if a number is out of its range */
    public QuantileLimit {
        requireNonNull(direction, "direction");
        requireNonNull(sensitivity, "sensitivity");
        Ranges.insideUnit("quantile", quantile);
        direction.requireThreshold("threshold", threshold);
        Ranges.notNegative("level", (long) level);
    }

    /**
     * Returns the limit with control's quantile as its level.
     *
     * @param control values of control before the stratum; the more the sharper, any number is valid
     * @return empty without values: nothing can be judged yet
     * @throws IllegalArgumentException if a number is out of its range
     */
    public static Optional<QuantileLimit> freeze(
            Direction direction, double quantile, double threshold, Sensitivity sensitivity, Histogram control) {
        Ranges.insideUnit("quantile", quantile);
        return control.units() == 0
                ? Optional.empty()
                : Optional.of(
                        new QuantileLimit(direction, quantile, threshold, sensitivity, control.quantileBin(quantile)));
    }

    /** Returns what the counts of {@link #harm} are tested for. */
    public static RatioTest harmTest() {
        return RatioTest.of(OutcomeMode.BERNOULLI, Alternatives.harm(Direction.RISE, EXCEEDANCE_RISE, 0));
    }

    /** Returns what the counts of {@link #health} are tested for: fewer exceed, by enough. */
    public static RatioTest healthTest() {
        return RatioTest.of(OutcomeMode.BERNOULLI, Alternatives.harm(Direction.DROP, EXCEEDANCE_FALL, 0));
    }

    /** Returns the level in the unit of the values, to 1 %. */
    public double levelValue() {
        return LogBins.value(level);
    }

    /** Returns the counts of a block for the process of harm; evidence grows with more treated units beyond the level. */
    public Stratum harm(Histogram control, Histogram treatment) {
        return counts(control, treatment, sensitivity.margin(threshold), false);
    }

    /** Returns the counts of a block for the process of health. */
    public Stratum health(Histogram control, Histogram treatment) {
        return counts(control, treatment, threshold, true);
    }

    private Stratum counts(Histogram control, Histogram treatment, double change, boolean inwards) {
        int shifted = shifted(change, inwards);
        return new Stratum(control.units(), treatment.units(), beyond(control, level), beyond(treatment, shifted));
    }

    private long beyond(Histogram values, int bin) {
        return direction == Direction.RISE ? values.above(bin) : values.units() - values.above(bin - 1);
    }

    /** Bins are rounded so that the test is of less than it says for health, and of more for harm. */
    private int shifted(double change, boolean inwards) {
        double factor = direction.ratioAt(change);
        int outwards = direction == Direction.RISE ? LogBins.shift(factor) : -LogBins.shift(1 / factor);
        boolean isExact = change == 0;
        int rounding = isExact || inwards ? 0 : 1;
        return Math.max(0, direction == Direction.RISE ? level + outwards + rounding : level + outwards - rounding);
    }

    /**
     * Says whether the ratio of the arms' quantiles is at or beyond the gate.
     *
     * @param control control's values of each stratum
     * @param treatment treated values of the same strata in the same order
     */
    public boolean isGateOpen(List<Histogram> control, List<Histogram> treatment) {
        OptionalDouble ratio = ratio(control, treatment, quantile);
        return ratio.isPresent() && new Gate(direction, sensitivity.gate(threshold)).isOpen(ratio.getAsDouble());
    }

    /**
     * Returns the ratio of the arms' quantiles, treatment over control. Each arm is weighted so that both have the same mix of
     * strata, as {@link MantelHaenszel} does.
     *
     * @return empty without a stratum with both arms, or when control's quantile is 0
     * @throws IllegalArgumentException if the lists differ in length
     */
    public static OptionalDouble ratio(List<Histogram> control, List<Histogram> treatment, double quantile) {
        if (control.size() != treatment.size()) {
            throw new IllegalArgumentException(
                    "strata of both arms must be equally many, were " + control.size() + " and " + treatment.size());
        }
        SortedMap<Integer, Double> controlWeights = new TreeMap<>();
        SortedMap<Integer, Double> treatmentWeights = new TreeMap<>();
        for (int i = 0; i < control.size(); i++) {
            double nC = control.get(i).units();
            double nT = treatment.get(i).units();
            if (nC > 0 && nT > 0) {
                addWeighted(controlWeights, control.get(i), nT / (nC + nT));
                addWeighted(treatmentWeights, treatment.get(i), nC / (nC + nT));
            }
        }
        double under = weightedQuantile(controlWeights, quantile);
        return under > 0
                ? OptionalDouble.of(weightedQuantile(treatmentWeights, quantile) / under)
                : OptionalDouble.empty();
    }

    private static void addWeighted(SortedMap<Integer, Double> sums, Histogram values, double weight) {
        values.counts().forEach((bin, count) -> sums.merge(bin, count * weight, Double::sum));
    }

    private static double weightedQuantile(SortedMap<Integer, Double> weights, double quantile) {
        double all = weights.values().stream().mapToDouble(Double::doubleValue).sum();
        double sum = 0;
        int last = 0;
        for (SortedMap.Entry<Integer, Double> entry : weights.entrySet()) {
            sum += entry.getValue();
            last = entry.getKey();
            if (sum >= quantile * all) {
                break;
            }
        }
        return LogBins.value(last);
    }
}
