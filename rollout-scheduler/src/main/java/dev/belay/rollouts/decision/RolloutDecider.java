// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts.decision;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

import dev.belay.contracts.Actor;
import dev.belay.contracts.Require;
import dev.belay.contracts.keys.Role;
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
        Optional<Refusal> refusal = Starting.refusal(situation, event);
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
            return refusalToRaise(rollout, last(rollout), event.now(), true)
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
        RolloutState latest = situation.rollout();
        if (latest != null && event.expectedVersion() != null && event.expectedVersion() != latest.version()) {
            return Decision.refuse(stale(latest, event.expectedVersion()));
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
        return Decision.of(new Change(restored, situation.currentBasis(), Terms.NONE, "rollout.restore", event.by()));
    }

    @Override
    public Decision on(RolloutEvent.Jump event) {
        return withLive(event.order(), rollout -> {
            int target = indexOf(rollout, event.stage());
            if (target < 0) {
                return Decision.refuse(unknownStage(event.stage()));
            }
            if (target <= rollout.stage()) {
                return Decision.refuse(Refusal.conflict(
                        "not-forward",
                        "stage " + event.stage() + " is not after " + stage(rollout)
                                + ": nobody is taken out by a jump; cancel, and start again from it"));
            }
            if (target > rollout.stage() + 1 && !event.override()) {
                return Decision.refuse(Refusal.conflict(
                        "stages-left",
                        "stages are left between " + stage(rollout) + " and " + event.stage()
                                + "; override passes over them"));
            }
            return refusalToRaise(rollout, target, event.now(), event.override())
                    .map(Decision::refuse)
                    .orElseGet(() -> Decision.of(
                            entered(rollout, target, event.now(), event.by(), "rollout.jump", event.reason())));
        });
    }

    @Override
    public Decision on(RolloutEvent.Pin event) {
        return withOpen(event.order(), rollout -> {
            String stage = event.stage();
            if (stage != null && indexOf(rollout, stage) < 0) {
                return Decision.refuse(unknownStage(stage));
            }
            if (stage != null && indexOf(rollout, stage) < rollout.stage()) {
                return Decision.refuse(Refusal.conflict(
                        "not-forward", "stage " + stage + " is before " + stage(rollout) + ", which was entered"));
            }
            if (Objects.equals(stage, situation.terms().pinned())) {
                return Decision.NOTHING;
            }
            String action = stage == null ? "rollout.unpin" : "rollout.pin";
            return Decision.of(noted(rollout, situation.terms().pinnedAt(stage), event, action));
        });
    }

    @Override
    public Decision on(RolloutEvent.Review event) {
        return withUnstarted(event.order(), rollout -> {
            if (situation.terms().authors().stream()
                    .anyMatch(author -> author.name().equals(event.reviewer()))) {
                return Decision.refuse(Refusal.unprocessable(
                        "own-approval", event.reviewer() + " asked for the rollout: somebody else must look at it"));
            }
            RolloutState waiting = Successor.of(rollout)
                    .status(RolloutStatus.AWAITING_APPROVAL)
                    .write(event.reason(), event.now());
            Terms terms = situation.terms().reviewedBy(event.reviewer());
            return Decision.of(new Change(waiting, situation.basis(), terms, "rollout.review", event.by()));
        });
    }

    @Override
    public Decision on(RolloutEvent.Approve event) {
        return withOpen(event.order(), rollout -> {
            List<Needed> all = Needed.of(rollout, situation.terms());
            Optional<Needed> needed = all.stream()
                    .filter(each -> each.hash().equals(event.hash()))
                    .findFirst();
            if (needed.isEmpty()) {
                return Decision.refuse(
                        all.isEmpty()
                                ? Refusal.conflict("nothing-to-approve", name(rollout) + " waits for no approval")
                                : Refusal.conflict(
                                        "stale-approval",
                                        "what was approved is not what stands: look again, and approve its hash"));
            }
            return refusalToApprove(needed.get(), event)
                    .map(Decision::refuse)
                    .orElseGet(() -> approved(rollout, needed.get(), event));
        });
    }

    private Optional<Refusal> refusalToApprove(Needed needed, RolloutEvent.Approve event) {
        Actor by = event.by();
        if (situation.terms().authors().stream()
                .anyMatch(author -> author.name().equals(by.name()))) {
            return Optional.of(Refusal.forbidden(
                    "own-approval", by.name() + " asked for it, or loosened it: somebody else must agree"));
        }
        if (needed.stage() == null && !needed.by().equals(by.name())) {
            return Optional.of(Refusal.forbidden("not-asked", needed.by() + " was asked, not " + by.name()));
        }
        Role least = needed.stage() == null ? Role.RELEASER : role(needed.by());
        return event.role().includes(least)
                ? Optional.empty()
                : Optional.of(Refusal.forbidden(
                        "forbidden", "approving takes the role " + least.name().toLowerCase(Locale.ROOT)));
    }

    /** A word that is no role is nobody's but an administrator's. */
    private static Role role(String word) {
        return Arrays.stream(Role.values())
                .filter(each -> each.name().equalsIgnoreCase(word))
                .findFirst()
                .orElse(Role.ADMIN);
    }

    private Decision approved(RolloutState rollout, Needed needed, RolloutEvent.Approve event) {
        if (needed.given().contains(event.by())) {
            return Decision.NOTHING;
        }
        Terms terms = situation
                .terms()
                .and(new Approved(needed.stage(), needed.hash(), event.by(), event.reason(), event.now()));
        Change approved = noted(rollout, terms, event, "rollout.approve");
        boolean starts = rollout.status() == RolloutStatus.AWAITING_APPROVAL
                && terms.reviewer() == null
                && Needed.missing(approved.state(), terms, terms.from()).isEmpty();
        if (!starts) {
            return Decision.of(approved);
        }
        Change started = Starting.launch(situation, approved.state(), terms, event.by(), event.reason(), event.now());
        return Decision.of(started).after(approved);
    }

    @Override
    public Decision on(RolloutEvent.Edit event) {
        return withOpen(event.order(), rollout -> {
            Plan before = plan(rollout);
            if (before.equals(event.plan())) {
                return Decision.NOTHING;
            }
            Optional<Refusal> refusal = PlanEdit.refusal(rollout, situation.terms(), event.plan());
            if (refusal.isPresent()) {
                return Decision.refuse(refusal.get());
            }
            List<String> looser = Loosening.between(before, event.plan());
            Terms terms = looser.isEmpty()
                    ? situation.terms().tightened(rollout.id(), event.plan())
                    : situation.terms().loosened(event.by());
            RolloutState edited = edited(rollout, terms, event);
            String what = looser.isEmpty() ? "tightened" : "loosened: " + String.join(", ", looser);
            return Decision.of(new Change(
                    edited, situation.basis(), terms, "rollout.edit", event.by(), event.reason() + " (" + what + ")"));
        });
    }

    /** What was scheduled with approvals that are void now does not start without new ones. */
    private static RolloutState edited(RolloutState rollout, Terms terms, RolloutEvent.Edit event) {
        Successor successor = Successor.of(rollout).plan(event.plan());
        RolloutState edited = successor.write(event.now());
        boolean mustWait = rollout.status() == RolloutStatus.SCHEDULED
                && !Needed.missing(edited, terms, terms.from()).isEmpty();
        return mustWait ? successor.status(RolloutStatus.AWAITING_APPROVAL).write(event.now()) : edited;
    }

    @Override
    public Decision on(RolloutEvent.Launch event) {
        return withUnstarted(event.order(), rollout -> {
            Terms terms = situation.terms();
            List<Needed> missing = Needed.missing(rollout, terms, terms.from());
            boolean asksNow = rollout.status() == RolloutStatus.DRAFT && !missing.isEmpty();
            if (asksNow) {
                return changed(Successor.of(rollout).status(RolloutStatus.AWAITING_APPROVAL), event, "rollout.request");
            }
            return missing.isEmpty()
                    ? Decision.of(Starting.launch(situation, rollout, terms, event.by(), event.reason(), event.now()))
                    : Decision.refuse(approvalNeeded(missing));
        });
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
        if ((due != null && now.isBefore(due)) || situation.frozen(now).isPresent()) {
            return Decision.NOTHING;
        }
        Terms terms = situation.terms();
        RolloutState started = Starting.enterFirstStage(rollout, terms.from(), now);
        return Decision.of(new Change(started, situation.currentBasis(), terms, "rollout.begin", SCHEDULER));
    }

    private Decision advanceOrAsk(RolloutState rollout, Instant now) {
        Gate gate = Gate.of(situation, rollout, now);
        if (gate.isOpen()) {
            return Decision.of(
                    raised(rollout, now, SCHEDULER, "the gate of " + stage(rollout) + " is open: " + timeIn(gate)));
        }
        boolean isDue = gate.waitsForPersonOnly() || isPastAskAfter(rollout, now);
        if (rollout.asked() || !isDue || gate.lacks(Check.Name.PIN)) {
            return Decision.NOTHING;
        }
        String question = stage(rollout) + " waits for a person: " + gate.missing();
        RolloutState asked = Successor.of(rollout).asked().write(question, now);
        return Decision.of(new Change(asked, situation.basis(), situation.terms(), "rollout.ask", SCHEDULER));
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
        int target = Math.min(rollout.stage() + 1, last(rollout));
        return refusalToRaise(rollout, target, event.now(), override)
                .map(Decision::refuse)
                .orElseGet(() -> Decision.of(raised(rollout, event.now(), event.by(), event.reason())));
    }

    private Optional<Refusal> refusalToRaise(RolloutState rollout, int target, Instant now, boolean override) {
        if (rollout.status() == RolloutStatus.PAUSED) {
            return Optional.of(Refusal.conflict("paused", name(rollout) + " is paused: resume it first"));
        }
        Gate gate = Gate.of(situation, rollout, now);
        if (gate.lacks(Check.Name.BREACH)) {
            return Optional.of(Refusal.conflict("breached", "nobody raises over a breach: " + gate.missing()));
        }
        List<Needed> missing = Needed.missing(rollout, situation.terms(), target);
        if (!missing.isEmpty()) {
            return Optional.of(approvalNeeded(missing));
        }
        if (override || gate.opensForPerson()) {
            return Optional.empty();
        }
        return Optional.of(Refusal.conflict(
                "gate-closed", stage(rollout) + " is not ready: " + gate.missing() + "; override passes over it"));
    }

    private Change raised(RolloutState rollout, Instant now, Actor by, String reason) {
        if (isLast(rollout)) {
            RolloutState completed =
                    Successor.of(rollout).status(RolloutStatus.COMPLETED).write(reason, now);
            return new Change(completed, situation.basis(), situation.terms(), "rollout.complete", by);
        }
        return entered(rollout, rollout.stage() + 1, now, by, "rollout.advance", reason);
    }

    private Change entered(RolloutState rollout, int next, Instant now, Actor by, String action, String reason) {
        Allocation last = rollout.allocation().orElseThrow();
        Allocation raised = new Allocation(last.number() + 1, next, StageClauses.of(plan(rollout), next), now);
        RolloutState advanced = Successor.of(rollout).enter(raised).write(reason, now);
        return new Change(advanced, situation.currentBasis(), situation.terms(), action, by);
    }

    /** Nothing that is served changes, nor why the rollout is in its status. */
    private Change noted(RolloutState rollout, Terms terms, RolloutEvent.Instruction event, String action) {
        RolloutState next = Successor.of(rollout).write(event.now());
        return new Change(next, situation.basis(), terms, action, event.by(), event.reason());
    }

    private Decision changed(Successor successor, RolloutEvent.Instruction event, String action) {
        RolloutState next = successor.write(event.reason(), event.now());
        return Decision.of(new Change(next, situation.basis(), situation.terms(), action, event.by()));
    }

    private Decision withUnstarted(RolloutEvent.Order order, Function<RolloutState, Decision> answer) {
        return withOpen(order, rollout -> {
            boolean isUnstarted =
                    rollout.status() == RolloutStatus.DRAFT || rollout.status() == RolloutStatus.AWAITING_APPROVAL;
            return isUnstarted
                    ? answer.apply(rollout)
                    : Decision.refuse(
                            Refusal.conflict("started", name(rollout) + " is " + rollout.status() + " already"));
        });
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
            return Decision.refuse(stale(latest, order.expectedVersion()));
        }
        return answer.apply(latest);
    }

    private static Refusal stale(RolloutState latest, long expected) {
        return Refusal.conflict("stale", name(latest) + " is at version " + latest.version() + ", not " + expected);
    }

    private static Refusal approvalNeeded(List<Needed> missing) {
        return Refusal.forbidden(
                "approval-needed", missing.stream().map(Needed::sentence).collect(Collectors.joining("; ")));
    }

    private static Refusal unknownStage(String stage) {
        return Refusal.unprocessable("unknown-stage", "stage must be one of the plan's, was " + stage);
    }

    /** Returns -1 for no stage of the plan. */
    private static int indexOf(RolloutState rollout, String stage) {
        return plan(rollout).stages().stream().map(Stage::name).toList().indexOf(stage);
    }

    private static boolean isLast(RolloutState rollout) {
        return rollout.stage() == last(rollout);
    }

    private static int last(RolloutState rollout) {
        return plan(rollout).stages().size() - 1;
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
