// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.judge;

import java.util.ArrayList;
import java.util.List;

import dev.belay.contracts.rollouts.Plan;
import dev.belay.statistics.EProcess;
import dev.belay.statistics.Member;
import dev.belay.statistics.MemberWeights;
import org.jspecify.annotations.Nullable;

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
                MemberWeights.guardrail(guardrails) * everyone, plan.stages().size());
    }

    /** @param rank how many segments of its dimension had come with it, from 1 */
    static Weight ofSegment(Plan plan, int guardrails, int rank) {
        double segment = SegmentWeights.of(rank, plan.watchBy().size());
        return new Weight(MemberWeights.guardrail(guardrails) * segment, 0);
    }

    boolean isSegment() {
        return stages == 0;
    }

    /** Returns the members of these processes as they stand; one without a stage's for a segment, and in the first stage. */
    List<Judged.Scoped> members(
            EProcess rollout, boolean isOpen, @Nullable EProcess stage, boolean isStageOpen, int present) {
        if (isSegment()) {
            return List.of(new Judged.Scoped("segment", false, Member.of(share, rollout, isOpen)));
        }
        List<Judged.Scoped> all = new ArrayList<>(2);
        double ofAll = share * MemberWeights.rolloutScope(stages);
        all.add(new Judged.Scoped("rollout", false, Member.of(ofAll, rollout, isOpen)));
        if (stage != null) {
            double own = share * MemberWeights.stageScope(stages, present);
            all.add(new Judged.Scoped("stage:" + (present - 1), true, Member.of(own, stage, isStageOpen)));
        }
        return all;
    }
}
