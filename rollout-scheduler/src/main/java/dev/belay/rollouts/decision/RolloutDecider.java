// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts.decision;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

import dev.belay.contracts.Actor;
import dev.belay.contracts.Require;
import dev.belay.contracts.rollouts.Allocation;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.rollouts.RolloutStatus;
import dev.belay.contracts.rollouts.Stage;
import dev.belay.contracts.rollouts.StageClauses;

/**
 * Decides what becomes of a flag's rollout.
 *
 * <p>Pure and total: every event has an answer in every status. What is out goes first: a rollback known to the situation
 * ends the rollout before anything else is looked at, so no command and no verdict can come before it. Terminal
 * statuses have no way out; another try is a rollout of a new epoch, made by {@code Start} or {@code Restore} alone.
 */
public final class RolloutDecider implements RolloutEvent.Cases<Decision> {
    /** Who acts when nobody asked. */
    public static final Actor SCHEDULER = Actor.service("rollout-scheduler");

    private final Situation situation;

    private RolloutDecider(Situation situation) {
        this.situation = situation;
    }

    /** Returns the answer to {@code event}; a message it carries is part of the situation from here on. */
    public static Decision decide(Situation before, RolloutEvent event) {
        Situation situation = event.knownIn(before);
        Optional<Change> settled = Settling.of(situation, event.now());
        if (settled.isEmpty()) {
            return event.match(new RolloutDecider(situation));
        }
        Change first = settled.get();
        if (!(event instanceof RolloutEvent.Command)) {
            return Decision.of(first);
        }
        Situation after = situation.with(first.state(), first.basis());
        return event.match(new RolloutDecider(after)).after(first);
    }

    @Override
    public Decision on(RolloutEvent.Start event) {
        Optional<Refusal> refusal = Starting.refusal(situation, event.plan());
        return refusal.map(Decision::refuse).orElseGet(() -> Decision.of(Starting.begin(situation, event)));
    }

    @Override
    public Decision on(RolloutEvent.Tick event) {
        return reconsider(event.now());
    }

    @Override
    public Decision on(RolloutEvent.VerdictArrived event) {
        return reconsider(event.now());
    }

    /** What it takes out has been settled before. */
    @Override
    public Decision on(RolloutEvent.RollbackArrived event) {
        return Decision.NOTHING;
    }

    /** The new allocation has been settled before. */
    @Override
    public Decision on(RolloutEvent.TargetingChanged event) {
        return Decision.NOTHING;
    }

    @Override
    public Decision on(RolloutEvent.Pause event) {
        return withLive(event.order(), rollout -> {
            if (rollout.status() == RolloutStatus.PAUSED) {
                return Decision.NOTHING;
            }
            return changed(Successor.of(rollout).status(RolloutStatus.PAUSED), event, "rollout.pause");
        });
    }

    @Override
    public Decision on(RolloutEvent.Resume event) {
        return withLive(event.order(), rollout -> {
            if (rollout.status() == RolloutStatus.RUNNING) {
                return Decision.NOTHING;
            }
            return changed(Successor.of(rollout).status(RolloutStatus.RUNNING), event, "rollout.resume");
        });
    }

    @Override
    public Decision on(RolloutEvent.Advance event) {
        return withLive(event.order(), rollout -> raise(rollout, event, event.override()));
    }

    @Override
    public Decision on(RolloutEvent.Complete event) {
        return withLive(event.order(), rollout -> {
            if (isLast(rollout)) {
                return raise(rollout, event, event.override());
            }
            if (!event.override()) {
                return Decision.refuse(Refusal.conflict(
                        "stages-left", "stages are left after " + stage(rollout) + "; override passes over them"));
            }
            return refusalToRaise(rollout, event.now(), true)
                    .map(Decision::refuse)
                    .orElseGet(() ->
                            changed(Successor.of(rollout).status(RolloutStatus.COMPLETED), event, "rollout.complete"));
        });
    }

    @Override
    public Decision on(RolloutEvent.Cancel event) {
        return withOpen(
                event.order(),
                rollout -> changed(Successor.of(rollout).status(RolloutStatus.CANCELLED), event, "rollout.cancel"));
    }

    @Override
    public Decision on(RolloutEvent.Restore event) {
        if (situation.kill().isEmpty()) {
            return Decision.refuse(Refusal.conflict("not-killed", situation.ref() + " is not killed"));
        }
        RolloutState restored = new RolloutState(
                situation.ref().project(),
                situation.ref().environment(),
                situation.ref().flag(),
                situation.nextEpoch(),
                1,
                RolloutStatus.RESTORED,
                null,
                List.of(),
                null,
                null,
                false,
                event.by(),
                event.reason(),
                event.now(),
                event.now());
        return Decision.of(new Change(restored, situation.currentBasis(), "rollout.restore", event.by()));
    }

    private Decision reconsider(Instant now) {
        Optional<RolloutState> open = situation.open();
        if (open.isEmpty()) {
            return Decision.NOTHING;
        }
        RolloutState rollout = open.get();
        return switch (rollout.status()) {
            case SCHEDULED -> startIfDue(rollout, now);
            case RUNNING -> advanceOrAsk(rollout, now);
            case DRAFT, AWAITING_APPROVAL, PAUSED, COMPLETED, ROLLED_BACK, CANCELLED, RESTORED -> Decision.NOTHING;
        };
    }

    private Decision startIfDue(RolloutState rollout, Instant now) {
        Instant due = rollout.startsAt();
        if (due != null && now.isBefore(due)) {
            return Decision.NOTHING;
        }
        RolloutState started = Starting.enterFirstStage(rollout, now);
        return Decision.of(new Change(started, situation.currentBasis(), "rollout.begin", SCHEDULER));
    }

    private Decision advanceOrAsk(RolloutState rollout, Instant now) {
        Gate gate = Gate.of(situation, rollout, now);
        if (gate.isOpen()) {
            return Decision.of(
                    raised(rollout, now, SCHEDULER, "the gate of " + stage(rollout) + " is open: " + timeIn(gate)));
        }
        boolean isDue = gate.waitsForPersonOnly() || isPastAskAfter(rollout, now);
        if (rollout.asked() || !isDue) {
            return Decision.NOTHING;
        }
        String question = stage(rollout) + " waits for a person: " + gate.missing();
        RolloutState asked = Successor.of(rollout).asked().write(question, now);
        return Decision.of(new Change(asked, situation.basis(), "rollout.ask", SCHEDULER));
    }

    private static String timeIn(Gate gate) {
        return gate.checks().stream()
                .filter(check -> check.name() == Check.Name.TIME)
                .map(Check::sentence)
                .findFirst()
                .orElse("");
    }

    private static boolean isPastAskAfter(RolloutState rollout, Instant now) {
        Stage stage = plan(rollout).stages().get(rollout.stage());
        Instant since = rollout.stageSince();
        return stage.askAfter() != null && since != null && !now.isBefore(since.plus(stage.askAfter()));
    }

    private Decision raise(RolloutState rollout, RolloutEvent.Instruction event, boolean override) {
        return refusalToRaise(rollout, event.now(), override)
                .map(Decision::refuse)
                .orElseGet(() -> Decision.of(raised(rollout, event.now(), event.by(), event.reason())));
    }

    private Optional<Refusal> refusalToRaise(RolloutState rollout, Instant now, boolean override) {
        if (rollout.status() == RolloutStatus.PAUSED) {
            return Optional.of(Refusal.conflict("paused", name(rollout) + " is paused: resume it first"));
        }
        Gate gate = Gate.of(situation, rollout, now);
        if (!gate.mayBeOverridden()) {
            return Optional.of(Refusal.conflict("breached", "nobody raises over a breach: " + gate.missing()));
        }
        if (override || gate.isOpen() || gate.waitsForPersonOnly()) {
            return Optional.empty();
        }
        return Optional.of(Refusal.conflict(
                "gate-closed", stage(rollout) + " is not ready: " + gate.missing() + "; override passes over it"));
    }

    private Change raised(RolloutState rollout, Instant now, Actor by, String reason) {
        if (isLast(rollout)) {
            RolloutState completed =
                    Successor.of(rollout).status(RolloutStatus.COMPLETED).write(reason, now);
            return new Change(completed, situation.basis(), "rollout.complete", by);
        }
        int next = rollout.stage() + 1;
        Allocation last = rollout.allocation().orElseThrow();
        Allocation raised = new Allocation(last.number() + 1, next, StageClauses.of(plan(rollout), next), now);
        RolloutState advanced = Successor.of(rollout).enter(raised).write(reason, now);
        return new Change(advanced, situation.currentBasis(), "rollout.advance", by);
    }

    private Decision changed(Successor successor, RolloutEvent.Instruction event, String action) {
        RolloutState next = successor.write(event.reason(), event.now());
        return Decision.of(new Change(next, situation.basis(), action, event.by()));
    }

    private Decision withLive(RolloutEvent.Order order, Function<RolloutState, Decision> answer) {
        return withOpen(order, rollout -> {
            if (rollout.status().isLive()) {
                return answer.apply(rollout);
            }
            return Decision.refuse(
                    Refusal.conflict("not-started", name(rollout) + " is " + rollout.status() + ", not started"));
        });
    }

    private Decision withOpen(RolloutEvent.Order order, Function<RolloutState, Decision> answer) {
        RolloutState latest = situation.rollout();
        if (latest == null) {
            return Decision.refuse(Refusal.conflict("no-rollout", situation.ref() + " has no rollout"));
        }
        if (order.epoch() != latest.epoch()) {
            String sentence = "rollout " + order.epoch() + " is not the latest, which is " + latest.epoch();
            return Decision.refuse(Refusal.conflict("stale", sentence));
        }
        if (latest.status().isTerminal()) {
            String sentence = name(latest) + " is " + latest.status() + "; another try is a new rollout";
            return Decision.refuse(Refusal.conflict("finished", sentence));
        }
        if (order.expectedVersion() != null && order.expectedVersion() != latest.version()) {
            String sentence = name(latest) + " is at version " + latest.version() + ", not " + order.expectedVersion();
            return Decision.refuse(Refusal.conflict("stale", sentence));
        }
        return answer.apply(latest);
    }

    private static boolean isLast(RolloutState rollout) {
        return rollout.stage() == plan(rollout).stages().size() - 1;
    }

    private static Plan plan(RolloutState rollout) {
        return Require.nonNull(rollout.plan(), "plan");
    }

    private static String name(RolloutState rollout) {
        return "rollout " + rollout.epoch();
    }

    /** Returns for instance {@code stage canary (3 of 6)}. */
    static String stage(RolloutState rollout) {
        List<Stage> stages = plan(rollout).stages();
        return "stage " + stages.get(rollout.stage()).name() + " (" + (rollout.stage() + 1) + " of " + stages.size()
                + ")";
    }
}
