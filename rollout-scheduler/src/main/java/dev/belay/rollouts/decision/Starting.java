// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts.decision;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

import dev.belay.contracts.Actor;
import dev.belay.contracts.Require;
import dev.belay.contracts.rollbacks.Rollback;
import dev.belay.contracts.rollouts.Allocation;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.rollouts.RolloutStatus;
import dev.belay.contracts.rollouts.Stage;
import dev.belay.contracts.rollouts.StageClauses;
import org.jspecify.annotations.Nullable;

/** How a rollout comes to be. */
final class Starting {
    private Starting() {}

    /** Returns why the rollout may not be made now; empty when it may. */
    static Optional<Refusal> refusal(Situation situation, RolloutEvent.Start start) {
        Optional<Refusal> stale = stale(situation, start.opening());
        if (stale.isPresent()) {
            return stale;
        }
        if (situation.kill().isPresent()) {
            return Optional.of(Refusal.conflict("killed", situation.ref() + " is killed: restore it first"));
        }
        Optional<RolloutState> open = situation.open();
        if (open.isPresent()) {
            String sentence = "rollout " + open.get().epoch() + " of " + situation.ref() + " is "
                    + open.get().status() + ": cancel or complete it first";
            return Optional.of(Refusal.conflict("rollout-exists", sentence));
        }
        if (awaitsFold(situation)) {
            return Optional.of(notFolded(situation));
        }
        return PlanEdit.notCumulative(start.plan())
                .or(() -> again(situation, start))
                .or(() -> frozen(situation, start));
    }

    private static Optional<Refusal> stale(Situation situation, RolloutEvent.Opening opening) {
        RolloutState latest = situation.rollout();
        Integer after = opening.after();
        Long expected = opening.expectedVersion();
        if (after != null && (latest == null || latest.epoch() != after)) {
            return Optional.of(Refusal.conflict(
                    "stale",
                    "rollout " + after + " is not the latest, which is " + (latest == null ? 0 : latest.epoch())));
        }
        if (expected != null && (latest == null || latest.version() != expected)) {
            return Optional.of(Refusal.conflict(
                    "stale",
                    "the latest rollout is at version " + (latest == null ? 0 : latest.version()) + ", not "
                            + expected));
        }
        return Optional.empty();
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

    /** Nobody goes on where a breach stopped them without saying so, nor begins in a stage that was never reached. */
    private static Optional<Refusal> again(Situation situation, RolloutEvent.Start start) {
        RolloutEvent.Opening opening = start.opening();
        if (opening.override() || !(opening.isAgain() || opening.from() > 0)) {
            return Optional.empty();
        }
        Optional<Rollback> breach = situation.standingBreach();
        if (breach.isPresent()) {
            return Optional.of(Refusal.conflict(
                    "breach-stands", "the breach stands (" + breach.get().reason() + "); override passes over it"));
        }
        Stage first = start.plan().stages().get(opening.from());
        return opening.from() == 0 || wasReached(situation.rollout(), first.name())
                ? Optional.empty()
                : Optional.of(Refusal.conflict(
                        "stage-not-reached",
                        "the rollout before never reached stage " + first.name() + "; override passes over the stages"
                                + " before it"));
    }

    private static boolean wasReached(@Nullable RolloutState before, String stage) {
        return before != null
                && before.plan() != null
                && before.plan().stages().subList(0, before.stage() + 1).stream()
                        .anyMatch(each -> each.name().equals(stage));
    }

    /** Later starts wait for the end of a freeze by themselves. */
    private static Optional<Refusal> frozen(Situation situation, RolloutEvent.Start start) {
        boolean waits =
                start.opening().isDraft() || start.opening().override() || isLater(start.startsAt(), start.now());
        return waits
                ? Optional.empty()
                : situation
                        .frozen(start.now())
                        .map(freeze -> Refusal.conflict(
                                "frozen", freeze.sentence() + "; override passes over it, startAt waits for its end"));
    }

    static Change begin(Situation situation, RolloutEvent.Start start) {
        RolloutEvent.Opening opening = start.opening();
        Terms terms = Terms.askedBy(start.by(), opening.from(), opening.locked());
        RolloutState draft = draft(situation, start);
        // Elements of lower epochs do not count for the new one.
        Basis basis = situation.with(draft, situation.basis()).currentBasis();
        if (opening.isDraft()) {
            return new Change(draft, basis, terms, "rollout.draft", start.by());
        }
        boolean isApproved = Needed.missing(draft, terms, opening.from()).isEmpty();
        if (!isApproved) {
            RolloutState waiting = in(draft, RolloutStatus.AWAITING_APPROVAL, List.of(), null, draft.startsAt());
            return new Change(waiting, basis, terms, "rollout.request", start.by());
        }
        boolean isLater = isLater(start.startsAt(), start.now());
        return isLater
                ? new Change(
                        in(draft, RolloutStatus.SCHEDULED, List.of(), null, draft.startsAt()),
                        basis,
                        terms,
                        "rollout.schedule",
                        start.by())
                : new Change(
                        in(
                                draft,
                                RolloutStatus.RUNNING,
                                List.of(first(start.plan(), opening.from(), start.now())),
                                start.now(),
                                null),
                        basis,
                        terms,
                        "rollout.start",
                        start.by());
    }

    /**
     * Starts what was a draft or waited for approval; before its time, and while something is frozen, it is scheduled.
     *
     * @param terms the terms after the last approval
     */
    static Change launch(Situation situation, RolloutState rollout, Terms terms, Actor by, String reason, Instant now) {
        Instant due = rollout.startsAt();
        boolean waits = isLater(due, now) || situation.frozen(now).isPresent();
        Plan plan = Require.nonNull(rollout.plan(), "plan");
        Basis basis = situation.currentBasis();
        if (waits) {
            RolloutState scheduled = Successor.of(rollout)
                    .status(RolloutStatus.SCHEDULED)
                    .startsAt(due == null ? now : due)
                    .write(reason, now);
            return new Change(scheduled, basis, terms, "rollout.schedule", by);
        }
        RolloutState started = Successor.of(rollout)
                .status(RolloutStatus.RUNNING)
                .enter(first(plan, terms.from(), now))
                .write(reason, now);
        return new Change(started, basis, terms, "rollout.start", by);
    }

    static RolloutState enterFirstStage(RolloutState scheduled, int from, Instant now) {
        Plan plan = Require.nonNull(scheduled.plan(), "plan");
        return Successor.of(scheduled)
                .status(RolloutStatus.RUNNING)
                .enter(first(plan, from, now))
                .write("its time has come", now);
    }

    private static boolean isLater(@Nullable Instant startsAt, Instant now) {
        return startsAt != null && startsAt.isAfter(now);
    }

    private static RolloutState draft(Situation situation, RolloutEvent.Start start) {
        Instant startsAt = start.startsAt();
        return new RolloutState(
                situation.ref().project(),
                situation.ref().environment(),
                situation.ref().flag(),
                situation.nextEpoch(),
                1,
                RolloutStatus.DRAFT,
                start.plan(),
                List.of(),
                null,
                startsAt != null && startsAt.isAfter(start.now()) ? startsAt : null,
                false,
                start.by(),
                start.reason(),
                start.now(),
                start.now());
    }

    private static RolloutState in(
            RolloutState draft,
            RolloutStatus status,
            List<Allocation> allocations,
            @Nullable Instant stageSince,
            @Nullable Instant startsAt) {
        return new RolloutState(
                draft.project(),
                draft.environment(),
                draft.flag(),
                draft.epoch(),
                draft.version(),
                status,
                draft.plan(),
                allocations,
                stageSince,
                startsAt,
                false,
                draft.by(),
                draft.reason(),
                draft.createdAt(),
                draft.updatedAt());
    }

    private static Allocation first(Plan plan, int stage, Instant now) {
        return new Allocation(1, stage, StageClauses.of(plan, stage), now);
    }
}
