// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.tally;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

import dev.belay.contracts.rollouts.Allocation;
import dev.belay.contracts.rollouts.Clause;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.judging.judge.StratumId;
import org.jspecify.annotations.Nullable;

/** The strata that a rollout has had so far. */
final class Layout {
    private static final int UNKNOWN = -1;

    private final Map<StratumId, Clause> clauses = new HashMap<>();
    private final Map<Integer, Integer> stages = new HashMap<>();

    Layout(RolloutState rollout) {
        for (Allocation allocation : rollout.allocations()) {
            stages.put(allocation.number(), allocation.stage());
            allocation.clauses().forEach(each -> clauses.put(new StratumId(allocation.number(), each.id()), each));
        }
    }

    /** Returns whether units of the stratum are in both arms; not in one that is not known yet. */
    boolean isCompared(StratumId stratum) {
        @Nullable Clause clause = clauses.get(stratum.whole());
        return clause != null && clause.hasBothArms();
    }

    Optional<Clause> clause(StratumId stratum) {
        return Optional.ofNullable(clauses.get(stratum.whole()));
    }

    /** Returns the index of an allocation's stage, -1 when it is not known yet. */
    int stage(int allocation) {
        return stages.getOrDefault(allocation, UNKNOWN);
    }
}
