// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.judge;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

import dev.belay.contracts.metrics.MetricDefinition;
import dev.belay.contracts.metrics.MetricKind;
import dev.belay.contracts.rollouts.Guardrail;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.verdicts.Estimate;
import dev.belay.contracts.verdicts.MetricCounts;
import dev.belay.contracts.verdicts.MetricValues;
import dev.belay.statistics.Direction;
import dev.belay.statistics.EProcess;
import dev.belay.statistics.Gate;
import dev.belay.statistics.Histogram;
import dev.belay.statistics.Interval;
import dev.belay.statistics.MantelHaenszel;
import dev.belay.statistics.MeanConfidenceSequence;
import dev.belay.statistics.MeanProcess;
import dev.belay.statistics.MeanState;
import dev.belay.statistics.MeanStratum;
import dev.belay.statistics.MeanTest;
import dev.belay.statistics.QuantileLimit;
import dev.belay.statistics.RatioProcess;
import dev.belay.statistics.RatioState;
import dev.belay.statistics.Sensitivity;
import dev.belay.statistics.Stratum;
import org.jspecify.annotations.Nullable;

/**
 * The e-processes of a guardrail on a mean or a quantile (statistics.md §4.5, §4.7).
 *
 * <p>What a bet needs to know of the metric, the cap of a mean or the level of a quantile, is read off control's first units
 * and then stays: those units are not bet on.
 */
final class ValueJudge implements Judged {
    /** Units of control that the cap or the level is read off. */
    private static final long READ_OFF = 200;
    /** What a mean's cap leaves out. */
    private static final double CAP_AT = 0.995;
    /** Level of the interval that people see; it decides nothing. */
    private static final double SHOWN_ALPHA = 0.05;

    private final Guardrail guardrail;
    private final MetricDefinition metric;
    private final Direction direction;
    private final Sensitivity sensitivity;
    private final Weight weight;
    private Histogram before = Histogram.EMPTY;
    private @Nullable Double cap;
    private @Nullable QuantileLimit limit;
    private EProcess rollout;
    private @Nullable EProcess stage;
    private EProcess healthy;

    /**
     * State of the processes.
     *
     * @param guardrail name of the guardrail
     * @param before control's values until enough were seen, by bin
     * @param cap cap of a mean; null while it is not known
     * @param level bin of control's quantile; null while it is not known
     * @param rollout harm over the rollout
     * @param stage harm in the stage; null in the first
     * @param healthy health in the stage
     */
    record State(
            String guardrail,
            Map<Integer, Long> before,
            @Nullable Double cap,
            @Nullable Integer level,
            ProcessState rollout,
            @Nullable ProcessState stage,
            ProcessState healthy) {}

    /** State of one process, of whichever kind. */
    record ProcessState(@Nullable MeanState mean, @Nullable RatioState ratio) {
        static ProcessState of(EProcess process) {
            return process instanceof MeanProcess mean
                    ? new ProcessState(mean.snapshot(), null)
                    : new ProcessState(null, ((RatioProcess) process).snapshot());
        }
    }

    ValueJudge(Plan plan, Guardrail guardrail, MetricDefinition metric, Weight weight, @Nullable State state) {
        this.guardrail = guardrail;
        this.metric = metric;
        this.weight = weight;
        this.direction = guardrail.limit() == Guardrail.Limit.FALLS ? Direction.DROP : Direction.RISE;
        this.sensitivity = Sensitivity.valueOf(plan.sensitivity().name());
        this.cap = isMean() ? metric.cap() : null;
        if (state == null) {
            this.rollout = start(false);
            this.healthy = start(true);
            return;
        }
        this.before = Histogram.of(state.before());
        this.cap = state.cap() == null ? cap : state.cap();
        Integer level = state.level();
        this.limit = level == null ? null : limit(level);
        this.rollout = restored(state.rollout(), false);
        this.stage = state.stage() == null ? null : restored(state.stage(), false);
        this.healthy = restored(state.healthy(), true);
    }

    State snapshot() {
        QuantileLimit known = limit;
        return new State(
                guardrail.name(),
                before.counts(),
                cap,
                known == null ? null : known.level(),
                ProcessState.of(rollout),
                stage == null ? null : ProcessState.of(stage),
                ProcessState.of(healthy));
    }

    private boolean isMean() {
        return metric.kind() == MetricKind.MEAN;
    }

    private double quantile() {
        Double quantile = metric.quantile();
        return quantile == null ? CAP_AT : quantile;
    }

    private QuantileLimit limit(int level) {
        return new QuantileLimit(direction, quantile(), guardrail.threshold(), sensitivity, level);
    }

    private MeanTest meanTest(boolean isHealth) {
        double threshold = guardrail.threshold();
        return isHealth
                ? MeanTest.healthy(direction, threshold)
                : MeanTest.harm(direction, threshold, sensitivity.margin(threshold));
    }

    private EProcess start(boolean isHealth) {
        if (isMean()) {
            return MeanProcess.start(meanTest(isHealth));
        }
        return RatioProcess.start(isHealth ? QuantileLimit.healthTest() : QuantileLimit.harmTest());
    }

    private EProcess restored(ProcessState state, boolean isHealth) {
        MeanState mean = state.mean();
        RatioState ratio = state.ratio();
        if (mean != null) {
            return MeanProcess.restore(meanTest(isHealth), mean);
        }
        return ratio == null
                ? start(isHealth)
                : RatioProcess.restore(isHealth ? QuantileLimit.healthTest() : QuantileLimit.harmTest(), ratio);
    }

    @Override
    public Guardrail guardrail() {
        return guardrail;
    }

    @Override
    public void enterStage() {
        if (!weight.isSegment()) {
            stage = start(false);
        }
        healthy = start(true);
    }

    @Override
    public void apply(MetricCounts counts, boolean inStage) {
        MetricValues values = counts.values();
        if (values == null) {
            return;
        }
        Histogram control = Histogram.of(values.control());
        Histogram treatment = Histogram.of(values.treatment());
        if (!isFrozen()) {
            readOff(control);
            return;
        }
        update(rollout, false, control, treatment);
        EProcess own = stage;
        if (inStage) {
            update(healthy, true, control, treatment);
            if (own != null) {
                update(own, false, control, treatment);
            }
        }
    }

    private boolean isFrozen() {
        return isMean() ? cap != null : limit != null;
    }

    /** Of a metric that is nearly always nothing, more have to be seen. */
    private void readOff(Histogram control) {
        before = before.plus(control);
        if (before.units() < READ_OFF) {
            return;
        }
        if (isMean()) {
            double found = before.quantile(CAP_AT);
            cap = found > 0 ? found : null;
        } else {
            limit = QuantileLimit.freeze(direction, quantile(), guardrail.threshold(), sensitivity, before)
                    .orElse(null);
        }
        before = isFrozen() ? Histogram.EMPTY : before;
    }

    private void update(EProcess process, boolean isHealth, Histogram control, Histogram treatment) {
        QuantileLimit level = limit;
        Double most = cap;
        if (process instanceof MeanProcess mean && most != null) {
            mean.update(control, treatment, most);
        } else if (process instanceof RatioProcess ratio && level != null) {
            Stratum counts = isHealth ? level.health(control, treatment) : level.harm(control, treatment);
            ratio.update(
                    counts.controlUnits(), counts.treatmentUnits(), counts.controlEvents(), counts.treatmentEvents());
        }
    }

    @Override
    public List<Scoped> members(List<StratumTotals> all, List<StratumTotals> ofStage, int present) {
        EProcess own = stage;
        return weight.members(rollout, isOpen(all), own, own != null && isOpen(ofStage), present);
    }

    private boolean isOpen(List<StratumTotals> scope) {
        QuantileLimit level = limit;
        if (isMean()) {
            Gate gate = new Gate(direction, sensitivity.gate(guardrail.threshold()));
            return gate.isOpen(MantelHaenszel.ofMeans(means(scope)));
        }
        return level != null && level.isGateOpen(histograms(scope, true), histograms(scope, false));
    }

    @Override
    public Estimate estimate(List<StratumTotals> scope) {
        if (isMean()) {
            List<MeanStratum> means = means(scope);
            OptionalDouble ratio = MantelHaenszel.ofMeans(means).ratio();
            return ratio.isPresent() ? of(ratio.getAsDouble(), means) : Estimate.UNKNOWN;
        }
        OptionalDouble ratio = QuantileLimit.ratio(histograms(scope, true), histograms(scope, false), quantile());
        return ratio.isPresent() ? new Estimate(ratio.getAsDouble(), null, null) : Estimate.UNKNOWN;
    }

    /** Until both arms have varied, nothing is known of where the ratio lies. */
    private static Estimate of(double ratio, List<MeanStratum> means) {
        Interval interval = MeanConfidenceSequence.interval(means, SHOWN_ALPHA);
        boolean isKnown = interval.lower() > 0 || interval.hasUpperBound();
        return isKnown
                ? new Estimate(ratio, interval.lower(), interval.hasUpperBound() ? interval.upper() : null)
                : new Estimate(ratio, null, null);
    }

    private List<MeanStratum> means(List<StratumTotals> scope) {
        double most = cap == null ? Double.POSITIVE_INFINITY : cap;
        List<MeanStratum> all = new ArrayList<>();
        for (StratumTotals each : scope) {
            StratumTotals.MetricTotals totals = each.metric(metric.name());
            all.add(MeanStratum.of(totals.controlHistogram(), totals.treatmentHistogram(), most));
        }
        return all;
    }

    private List<Histogram> histograms(List<StratumTotals> scope, boolean ofControl) {
        List<Histogram> all = new ArrayList<>();
        for (StratumTotals each : scope) {
            StratumTotals.MetricTotals totals = each.metric(metric.name());
            all.add(ofControl ? totals.controlHistogram() : totals.treatmentHistogram());
        }
        return all;
    }

    @Override
    public double logHealthy() {
        return healthy.logE();
    }
}
