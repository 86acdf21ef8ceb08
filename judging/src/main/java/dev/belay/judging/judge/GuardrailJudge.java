// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.judge;

import java.util.List;
import java.util.OptionalDouble;

import dev.belay.contracts.rollouts.Guardrail;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.verdicts.Estimate;
import dev.belay.contracts.verdicts.MetricCounts;
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

    private final RatioProcess rollout;
    private @Nullable RatioProcess stage;
    private RatioProcess healthy;

    /**
     * State of the processes.
     *
     * @param guardrail name of the guardrail
     * @param rollout harm over the rollout
     * @param stage harm in the stage; null in the first stage
     * @param healthy health in the stage
     */
    record State(
            String guardrail, RatioState rollout, @Nullable RatioState stage, RatioState healthy) {}

    private GuardrailJudge(Plan plan, Guardrail guardrail, Weight weight) {
        Sensitivity sensitivity = Sensitivity.valueOf(plan.sensitivity().name());
        Direction direction = guardrail.limit() == Guardrail.Limit.FALLS ? Direction.DROP : Direction.RISE;
        double threshold = guardrail.threshold();
        this.guardrail = guardrail;
        this.gate = new Gate(direction, sensitivity.gate(threshold));
        this.harmTest = RatioTest.of(
                OutcomeMode.ARRIVAL, Alternatives.harm(direction, threshold, sensitivity.margin(threshold)));
        this.healthyTest = RatioTest.of(OutcomeMode.ARRIVAL, Alternatives.healthy(direction, threshold));
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
        this.rollout = RatioProcess.restore(harmTest, state.rollout());
        this.stage = state.stage() == null ? null : RatioProcess.restore(harmTest, state.stage());
        this.healthy = RatioProcess.restore(healthyTest, state.healthy());
    }

    static GuardrailJudge start(Plan plan, Guardrail guardrail, Weight weight) {
        return new GuardrailJudge(plan, guardrail, weight);
    }

    static GuardrailJudge restore(Plan plan, Guardrail guardrail, Weight weight, State state) {
        return new GuardrailJudge(start(plan, guardrail, weight), state);
    }

    State snapshot() {
        return new State(
                guardrail.name(), rollout.snapshot(), stage == null ? null : stage.snapshot(), healthy.snapshot());
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
        update(rollout, counts);
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

    @Override
    public Estimate estimate(List<StratumTotals> scope) {
        List<Stratum> compared = StratumTotals.compared(scope, guardrail.metric());
        if (compared.isEmpty()) {
            return Estimate.UNKNOWN;
        }
        OptionalDouble ratio = MantelHaenszel.of(compared).ratio();
        Interval interval = RatioConfidenceSequence.interval(compared, SHOWN_ALPHA);
        return new Estimate(
                ratio.isPresent() ? ratio.getAsDouble() : null,
                interval.lower(),
                interval.hasUpperBound() ? interval.upper() : null);
    }

    @Override
    public double logHealthy() {
        return healthy.logE();
    }

    private static void update(RatioProcess process, MetricCounts counts) {
        process.update(counts.cohortControl(), counts.cohortTreatment(), counts.newControl(), counts.newTreatment());
    }
}
