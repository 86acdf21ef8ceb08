// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts.decision;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

import dev.belay.contracts.Require;
import dev.belay.contracts.rollouts.Allocation;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.rollouts.RolloutStatus;
import dev.belay.contracts.rollouts.StageClauses;

/** How a rollout comes to be. */
final class Starting {
    private Starting() {}

    /** Returns why a rollout of {@code plan} may not be made now; empty when it may. */
    static Optional<Refusal> refusal(Situation situation, Plan plan) {
        if (situation.kill().isPresent()) {
            return Optional.of(Refusal.conflict("killed", situation.ref() + " is killed: restore it first"));
        }
        Optional<RolloutState> open = situation.open();
        if (open.isPresent()) {
            String sentence = "rollout " + open.get().epoch() + " of " + situation.ref() + " is "
                    + open.get().status() + ": cancel or complete it first";
            return Optional.of(Refusal.conflict("rollout-exists", sentence));
        }
        return awaitsFold(situation) ? Optional.of(notFolded(situation)) : notCumulative(plan);
    }

    /** A new epoch would take the treatment from everyone it was completed for. */
    private static boolean awaitsFold(Situation situation) {
        RolloutState latest = situation.rollout();
        return latest != null
                && latest.status() == RolloutStatus.COMPLETED
                && situation.flag().foldedEpoch() < latest.epoch()
                && situation.wholeOut().isEmpty();
    }

    private static Refusal notFolded(Situation situation) {
        return Refusal.conflict(
                "not-folded",
                "the completed rollout of " + situation.ref() + " is not yet its default rule: try again");
    }

    private static Optional<Refusal> notCumulative(Plan plan) {
        try {
            StageClauses.requireCumulative(plan);
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(Refusal.unprocessable("not-cumulative", Require.nonNull(e.getMessage(), "message")));
        }
    }

    static Change begin(Situation situation, RolloutEvent.Start start) {
        Instant startsAt = start.startsAt();
        boolean isLater = startsAt != null && startsAt.isAfter(start.now());
        RolloutState state = new RolloutState(
                situation.ref().project(),
                situation.ref().environment(),
                situation.ref().flag(),
                situation.nextEpoch(),
                1,
                isLater ? RolloutStatus.SCHEDULED : RolloutStatus.RUNNING,
                start.plan(),
                isLater ? List.of() : List.of(first(start.plan(), start.now())),
                isLater ? null : start.now(),
                isLater ? startsAt : null,
                false,
                start.by(),
                start.reason(),
                start.now(),
                start.now());
        // Elements of lower epochs do not count for the new one.
        Basis basis = situation.with(state, situation.basis()).currentBasis();
        return new Change(state, basis, isLater ? "rollout.schedule" : "rollout.start", start.by());
    }

    static RolloutState enterFirstStage(RolloutState scheduled, Instant now) {
        Plan plan = Require.nonNull(scheduled.plan(), "plan");
        return Successor.of(scheduled)
                .status(RolloutStatus.RUNNING)
                .enter(first(plan, now))
                .write("its time has come", now);
    }

    private static Allocation first(Plan plan, Instant now) {
        return new Allocation(1, 0, StageClauses.of(plan, 0), now);
    }
}
