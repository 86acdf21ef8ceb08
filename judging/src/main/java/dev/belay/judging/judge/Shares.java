// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.judge;

import java.util.HashMap;
import java.util.Map;

import dev.belay.contracts.rollouts.Allocation;
import dev.belay.contracts.rollouts.Clause;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.rollouts.RolloutState;

/** How units of a stratum were meant to be split. */
@FunctionalInterface
public interface Shares {
    /** Returns the share of one treatment among control and that treatment, 0 to 1; 0 for an unknown stratum. */
    double treatment(StratumId stratum);

    /** Returns the shares that a rollout's allocations state. */
    static Shares of(RolloutState rollout) {
        Plan plan = rollout.plan();
        int treatments = plan == null ? 1 : plan.treatments().size();
        Map<StratumId, Double> shares = new HashMap<>();
        for (Allocation allocation : rollout.allocations()) {
            for (Clause clause : allocation.clauses()) {
                double treated = clause.percent() / 100;
                double one = treated / treatments;
                double among = one + (1 - treated) == 0 ? 1 : one / (one + (1 - treated));
                shares.put(new StratumId(allocation.number(), clause.id()), among);
            }
        }
        return stratum -> shares.getOrDefault(stratum, 0.0);
    }
}
