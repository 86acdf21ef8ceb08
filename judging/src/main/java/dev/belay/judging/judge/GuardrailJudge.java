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

/**
 * The e-processes of one guardrail and one treatment: harm over the rollout, harm in the stage, health in the stage; of a
 * segment, the first and the last.
 */
final class GuardrailJudge {
    /*
     * Each stage proves itself: the healthy process and the stage's harm process start with the stage and see only strata
     * of its own allocations; the rollout's harm process sees everything (statistics.md section 5).
     */
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

    /** A member with its scope, for people. */
    record Scoped(String scope, boolean ofStage, Member member) {}

    /**
     * What part of alpha a guardrail has in a scope.
     *
     * @param share the part
     * @param stages number of stages; 0 for a segment, which has no members of stages
     */
    record Weight(double share, int stages) {
        /** @param guardrails number of guardrails that share an error budget with it, itself included */
        static Weight ofEveryone(Plan plan, int guardrails) {
            double everyone = plan.watchBy().isEmpty() ? 1 : MemberWeights.GLOBAL_WITH_SEGMENTS;
            return new Weight(
                    MemberWeights.guardrail(guardrails) * everyone,
                    plan.stages().size());
        }

        /** @param rank how many segments of its dimension had come with it, from 1 */
        static Weight ofSegment(Plan plan, int guardrails, int rank) {
            double segment = SegmentWeights.of(rank, plan.watchBy().size());
            return new Weight(MemberWeights.guardrail(guardrails) * segment, 0);
        }

        boolean isSegment() {
            return stages == 0;
        }
    }

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

    Guardrail guardrail() {
        return guardrail;
    }

    /** Starts the processes of a stage after the first. */
    void enterStage() {
        if (!weight.isSegment()) {
            stage = RatioProcess.start(harmTest);
        }
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
        boolean isOpen = gate.isOpen(ofRollout);
        if (weight.isSegment()) {
            return List.of(new Scoped("segment", false, Member.of(weight.share(), rollout, isOpen)));
        }
        List<Scoped> all = new ArrayList<>(2);
        double ofAll = weight.share() * MemberWeights.rolloutScope(weight.stages());
        all.add(new Scoped("rollout", false, Member.of(ofAll, rollout, isOpen)));
        if (stage != null) {
            double own = weight.share() * MemberWeights.stageScope(weight.stages(), present);
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
