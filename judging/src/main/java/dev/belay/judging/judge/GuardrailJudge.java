// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.judge;

import java.util.List;
import java.util.OptionalDouble;

import dev.belay.contracts.metrics.MetricDefinition;
import dev.belay.contracts.rollouts.Guardrail;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.verdicts.Estimate;
import dev.belay.contracts.verdicts.MetricCounts;
import dev.belay.judging.attribution.ComparedPlan;
import dev.belay.judging.judge.ChangeWatch.Watched;
import dev.belay.statistics.Alternatives;
import dev.belay.statistics.Direction;
import dev.belay.statistics.Gate;
import dev.belay.statistics.Interval;
import dev.belay.statistics.MantelHaenszel;
import dev.belay.statistics.OutcomeMode;
import dev.belay.statistics.RatioConfidenceSequence;
import dev.belay.statistics.RatioProcess;
import dev.belay.statistics.RatioState;
import dev.belay.statistics.RatioTest;
import dev.belay.statistics.Sensitivity;
import dev.belay.statistics.Stratum;
import org.jspecify.annotations.Nullable;

/**
 * The e-processes of one guardrail and one treatment: harm over the rollout, harm in the stage, health in the stage; of a
 * segment, the first and the last.
 */
final class GuardrailJudge implements Judged {
    /*
     * Each stage proves itself: the healthy process and the stage's harm process start with the stage and see only strata
     * of its own allocations; the rollout's harm process sees everything (statistics.md section 5).
     */
    /** Level of the interval that people see; it decides nothing. */
    private static final double SHOWN_ALPHA = 0.05;

    private final Guardrail guardrail;
    private final Gate gate;
    private final RatioTest harmTest;
    private final RatioTest healthyTest;
    private final Weight weight;
    private final boolean isClustered;

    private final RatioProcess rollout;
    private @Nullable RatioProcess stage;
    private RatioProcess healthy;
    private @Nullable Double dispersion;
    private @Nullable ChangeWatch change;

    /**
     * State of the processes.
     *
     * @param guardrail name of the guardrail
     * @param rollout harm over the rollout
     * @param stage harm in the stage; null in the first stage
     * @param healthy health in the stage
     * @param dispersion what outcomes were last divided by; null where units are counted
     * @param change whether it changed since the rollout is finished; null before
     */
    record State(
            String guardrail,
            RatioState rollout,
            @Nullable RatioState stage,
            RatioState healthy,
            @Nullable Double dispersion,
            @Nullable Watched change) {}

    private GuardrailJudge(Plan plan, Guardrail guardrail, Weight weight) {
        Sensitivity sensitivity = Sensitivity.valueOf(plan.sensitivity().name());
        Direction direction = guardrail.limit() == Guardrail.Limit.FALLS ? Direction.DROP : Direction.RISE;
        double threshold = guardrail.threshold();
        this.guardrail = guardrail;
        this.gate = new Gate(direction, sensitivity.gate(threshold));
        MetricDefinition metric = plan.metric(guardrail.metric()).orElseThrow();
        OutcomeMode mode = mode(metric);
        this.isClustered = metric.mode() == MetricDefinition.Mode.CLUSTERED;
        this.harmTest = RatioTest.of(mode, Alternatives.harm(direction, threshold, sensitivity.margin(threshold)));
        this.healthyTest = RatioTest.of(mode, Alternatives.healthy(direction, threshold));
        this.weight = weight;
        this.rollout = RatioProcess.start(harmTest);
        this.healthy = RatioProcess.start(healthyTest);
    }

    private GuardrailJudge(GuardrailJudge fresh, State state) {
        this.guardrail = fresh.guardrail;
        this.gate = fresh.gate;
        this.harmTest = fresh.harmTest;
        this.healthyTest = fresh.healthyTest;
        this.weight = fresh.weight;
        this.isClustered = fresh.isClustered;
        this.rollout = RatioProcess.restore(harmTest, state.rollout());
        this.stage = state.stage() == null ? null : RatioProcess.restore(harmTest, state.stage());
        this.healthy = RatioProcess.restore(healthyTest, state.healthy());
        this.dispersion = state.dispersion();
        Watched watched = state.change();
        this.change = watched == null
                ? null
                : ChangeWatch.restore(harmTest.mode(), gate.direction(), guardrail.threshold(), watched);
    }

    /** Mature units have had all the time they get, so their events belong to exactly them. */
    private static OutcomeMode mode(MetricDefinition metric) {
        return ComparedPlan.isMatured(metric) ? OutcomeMode.BERNOULLI : OutcomeMode.ARRIVAL;
    }

    static GuardrailJudge start(Plan plan, Guardrail guardrail, Weight weight) {
        return new GuardrailJudge(plan, guardrail, weight);
    }

    static GuardrailJudge restore(Plan plan, Guardrail guardrail, Weight weight, State state) {
        return new GuardrailJudge(start(plan, guardrail, weight), state);
    }

    State snapshot() {
        return new State(
                guardrail.name(),
                rollout.snapshot(),
                stage == null ? null : stage.snapshot(),
                healthy.snapshot(),
                dispersion,
                change == null ? null : change.snapshot());
    }

    @Override
    public Guardrail guardrail() {
        return guardrail;
    }

    @Override
    public void enterStage() {
        if (!weight.isSegment()) {
            stage = RatioProcess.start(harmTest);
        }
        healthy = RatioProcess.start(healthyTest);
    }

    @Override
    public void apply(MetricCounts counts, boolean inStage) {
        dispersion = counts.dispersion();
        update(rollout, counts);
        ChangeWatch watched = change;
        if (watched != null) {
            watched.take(counts);
        }
        if (inStage) {
            update(healthy, counts);
            if (stage != null) {
                update(stage, counts);
            }
        }
    }

    @Override
    public List<Scoped> members(List<StratumTotals> all, List<StratumTotals> ofStage, int present) {
        String metric = guardrail.metric();
        boolean isOpen = gate.isOpen(MantelHaenszel.of(StratumTotals.compared(all, metric)));
        RatioProcess own = stage;
        return weight.members(
                rollout,
                isOpen,
                own,
                own != null && gate.isOpen(MantelHaenszel.of(StratumTotals.compared(ofStage, metric))),
                present);
    }

    /** Outcomes that come in clusters are not watched: the detector takes each for one that is independent. */
    @Override
    public void finish(List<StratumTotals> scope) {
        if (change == null && !isClustered) {
            Interval reference =
                    RatioConfidenceSequence.interval(StratumTotals.compared(scope, guardrail.metric()), SHOWN_ALPHA);
            change = ChangeWatch.start(harmTest.mode(), gate.direction(), guardrail.threshold(), reference);
        }
    }

    @Override
    public boolean isFinished() {
        return change != null;
    }

    @Override
    public ChangeWatch.@Nullable Alarm takeAlarm(double logLimit) {
        ChangeWatch watched = change;
        return watched == null || !watched.isAlarm(logLimit) ? null : watched.takeAlarm();
    }

    @Override
    public Estimate estimate(List<StratumTotals> scope) {
        List<Stratum> compared = StratumTotals.compared(scope, guardrail.metric());
        if (compared.isEmpty()) {
            return Estimate.UNKNOWN;
        }
        OptionalDouble ratio = MantelHaenszel.of(compared).ratio();
        Interval interval = RatioConfidenceSequence.interval(independent(compared), SHOWN_ALPHA);
        return new Estimate(
                ratio.isPresent() ? ratio.getAsDouble() : null,
                interval.lower(),
                interval.hasUpperBound() ? interval.upper() : null);
    }

    /** Outcomes that come in clusters tell as much as so many fewer that do not. */
    private List<Stratum> independent(List<Stratum> strata) {
        if (dispersion == null) {
            return strata;
        }
        double factor = dispersion;
        return strata.stream().map(each -> each.clustered(factor)).toList();
    }

    @Override
    public double logHealthy() {
        return healthy.logE();
    }

    private static void update(RatioProcess process, MetricCounts counts) {
        Double factor = counts.dispersion();
        if (factor == null) {
            process.update(
                    counts.cohortControl(), counts.cohortTreatment(), counts.newControl(), counts.newTreatment());
        } else {
            process.updateClustered(
                    counts.cohortControl(),
                    counts.cohortTreatment(),
                    counts.newControl(),
                    counts.newTreatment(),
                    factor);
        }
    }
}
