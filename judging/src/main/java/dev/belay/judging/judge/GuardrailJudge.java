// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.judge;

import java.util.ArrayList;
import java.util.List;

import dev.belay.contracts.rollouts.Guardrail;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.verdicts.MetricCounts;
import dev.belay.statistics.Alternatives;
import dev.belay.statistics.Direction;
import dev.belay.statistics.Gate;
import dev.belay.statistics.MantelHaenszel;
import dev.belay.statistics.Member;
import dev.belay.statistics.MemberWeights;
import dev.belay.statistics.OutcomeMode;
import dev.belay.statistics.RatioProcess;
import dev.belay.statistics.RatioState;
import dev.belay.statistics.RatioTest;
import dev.belay.statistics.Sensitivity;
import org.jspecify.annotations.Nullable;

/** The e-processes of one guardrail and one treatment: harm over the rollout, harm in the stage, health in the stage. */
final class GuardrailJudge {
    /*
     * Each stage proves itself: the healthy process and the stage's harm process start with the stage and see only strata
     * of its own allocations; the rollout's harm process sees everything (statistics.md section 5).
     */
    private final Guardrail guardrail;
    private final Gate gate;
    private final RatioTest harmTest;
    private final RatioTest healthyTest;
    private final double share;
    private final int stages;

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

    /** A member with its scope, for people. */
    record Scoped(String scope, boolean ofStage, Member member) {}

    private GuardrailJudge(Plan plan, Guardrail guardrail, int guardrails) {
        Sensitivity sensitivity = Sensitivity.valueOf(plan.sensitivity().name());
        Direction direction = guardrail.limit() == Guardrail.Limit.FALLS ? Direction.DROP : Direction.RISE;
        double threshold = guardrail.threshold();
        this.guardrail = guardrail;
        this.gate = new Gate(direction, sensitivity.gate(threshold));
        this.harmTest = RatioTest.of(
                OutcomeMode.ARRIVAL, Alternatives.harm(direction, threshold, sensitivity.margin(threshold)));
        this.healthyTest = RatioTest.of(OutcomeMode.ARRIVAL, Alternatives.healthy(direction, threshold));
        this.share = MemberWeights.guardrail(guardrails);
        this.stages = plan.stages().size();
        this.rollout = RatioProcess.start(harmTest);
        this.healthy = RatioProcess.start(healthyTest);
    }

    private GuardrailJudge(GuardrailJudge fresh, State state) {
        this.guardrail = fresh.guardrail;
        this.gate = fresh.gate;
        this.harmTest = fresh.harmTest;
        this.healthyTest = fresh.healthyTest;
        this.share = fresh.share;
        this.stages = fresh.stages;
        this.rollout = RatioProcess.restore(harmTest, state.rollout());
        this.stage = state.stage() == null ? null : RatioProcess.restore(harmTest, state.stage());
        this.healthy = RatioProcess.restore(healthyTest, state.healthy());
    }

    /**
     * @param guardrails number of guardrails that share an error budget with it, itself included
     */
    static GuardrailJudge start(Plan plan, Guardrail guardrail, int guardrails) {
        return new GuardrailJudge(plan, guardrail, guardrails);
    }

    static GuardrailJudge restore(Plan plan, Guardrail guardrail, int guardrails, State state) {
        return new GuardrailJudge(start(plan, guardrail, guardrails), state);
    }

    State snapshot() {
        return new State(
                guardrail.name(), rollout.snapshot(), stage == null ? null : stage.snapshot(), healthy.snapshot());
    }

    Guardrail guardrail() {
        return guardrail;
    }

    /** Starts the processes of a stage after the first. */
    void enterStage() {
        stage = RatioProcess.start(harmTest);
        healthy = RatioProcess.start(healthyTest);
    }

    void apply(MetricCounts counts, boolean inStage) {
        update(rollout, counts);
        if (inStage) {
            update(healthy, counts);
            if (stage != null) {
                update(stage, counts);
            }
        }
    }

    /**
     * Returns the members as they stand.
     *
     * @param ofRollout estimate over all strata
     * @param ofStage estimate over the present stage's strata
     * @param present number of the present stage, from 1
     */
    List<Scoped> members(MantelHaenszel ofRollout, MantelHaenszel ofStage, int present) {
        List<Scoped> all = new ArrayList<>(2);
        double weight = share * MemberWeights.rolloutScope(stages);
        all.add(new Scoped("rollout", false, Member.of(weight, rollout, gate.isOpen(ofRollout))));
        if (stage != null) {
            double own = share * MemberWeights.stageScope(stages, present);
            all.add(new Scoped("stage:" + (present - 1), true, Member.of(own, stage, gate.isOpen(ofStage))));
        }
        return all;
    }

    double logHealthy() {
        return healthy.logE();
    }

    private static void update(RatioProcess process, MetricCounts counts) {
        process.update(counts.cohortControl(), counts.cohortTreatment(), counts.newControl(), counts.newTreatment());
    }
}
