// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts.decision;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.belay.contracts.rollbacks.Rollback;
import dev.belay.contracts.rollbacks.RollbackTarget;
import dev.belay.contracts.rollouts.Allocation;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.rollouts.RolloutStatus;

/** What must happen to an open rollout before any event is answered: what is out is out, and a new split is a new stratum. */
final class Settling {
    private Settling() {}

    /** Returns the change that is due; empty when the rollout agrees with what is known. */
    static Optional<Change> of(Situation situation, Instant now) {
        return situation.open().flatMap(rollout -> rolledBack(situation, rollout, now)
                .or(() -> reallocated(situation, rollout, now)));
    }

    private static Optional<Change> rolledBack(Situation situation, RolloutState rollout, Instant now) {
        return situation.wholeOut().or(situation::treatmentsOut).map(cause -> {
            RolloutState next =
                    Successor.of(rollout).status(RolloutStatus.ROLLED_BACK).write(reason(cause), now);
            return new Change(next, situation.basis(), situation.terms(), "rollout.rolled-back", cause.by());
        });
    }

    private static String reason(Rollback cause) {
        boolean isKill = cause.target().kind() == RollbackTarget.Kind.KILL;
        return (isKill ? "killed: " : "rolled back: ") + cause.reason();
    }

    private static Optional<Change> reallocated(Situation situation, RolloutState rollout, Instant now) {
        Basis current = situation.currentBasis();
        if (!rollout.status().isLive() || current.equals(situation.basis())) {
            return Optional.empty();
        }
        Allocation last = rollout.allocation().orElseThrow();
        Allocation same = new Allocation(last.number() + 1, last.stage(), last.clauses(), now);
        RolloutState next = Successor.of(rollout).reallocate(same).write(difference(situation.basis(), current), now);
        return Optional.of(
                new Change(next, current, situation.terms(), "rollout.reallocate", RolloutDecider.SCHEDULER));
    }

    private static String difference(Basis before, Basis after) {
        List<String> removed = new ArrayList<>(after.out());
        removed.removeAll(before.out());
        return removed.isEmpty() ? "the flag's targeting changed" : "taken out: " + String.join(", ", removed);
    }
}
