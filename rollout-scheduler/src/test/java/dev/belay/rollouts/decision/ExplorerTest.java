// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts.decision;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

import dev.belay.contracts.Actor;
import dev.belay.contracts.keys.Role;
import dev.belay.contracts.rollbacks.Rollback;
import dev.belay.contracts.rollbacks.RollbackTarget;
import dev.belay.contracts.rollouts.AdvanceMode;
import dev.belay.contracts.rollouts.Approval;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.rollouts.RolloutStatus;
import dev.belay.contracts.rollouts.Stage;
import dev.belay.evaluation.ServedFlag;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Walks through every order of commands, verdicts, rollbacks, time and late, repeated or old messages, over the transition
 * functions that run: {@link RolloutDecider} and {@link ServedFlag}. Each fence is also broken on purpose, and the break found.
 */
class ExplorerTest {
    private static final Actor BOB = Actor.person("bob");
    private static final Duration STAGE = Duration.ofMinutes(10);
    private static final int MOST_STATES = 8_000;
    private static final int MOST_EPOCHS = 2;

    private static final Plan PLAN = Given.plan(
            Given.percent("canary", 5, AdvanceMode.PROVEN),
            Given.approval(Given.percent("half", 50, AdvanceMode.PROVEN), "releaser", 1),
            Given.percent("everyone", 100, AdvanceMode.BY_HAND));

    private static final BiFunction<Situation, RolloutEvent, Decision> DECIDER = RolloutDecider::decide;
    private static final BiFunction<ServedFlag, RolloutState, ServedFlag> EDGE = ServedFlag::onRollout;

    @Test
    void noOrderOfEventsServesWhatIsOutOrPassesAGate() {
        Explorer explorer = new Explorer(DECIDER, EDGE);
        assertThat(explorer.firstFault()).isEmpty();
        assertThat(explorer.seen.size()).isGreaterThanOrEqualTo(MOST_STATES);
        assertThat(explorer.reached)
                .as("the walk comes by every status that people and messages lead to")
                .contains(
                        RolloutStatus.RUNNING,
                        RolloutStatus.PAUSED,
                        RolloutStatus.COMPLETED,
                        RolloutStatus.ROLLED_BACK,
                        RolloutStatus.CANCELLED,
                        RolloutStatus.RESTORED);
    }

    @Test
    void anEdgeThatForgetsARollbackAtTheNextVersionIsFound() {
        Explorer explorer =
                new Explorer(DECIDER, (edge, state) -> ServedFlag.of(edge.ref()).onRollout(state));
        assertThat(explorer.firstFault())
                .hasValueSatisfying(fault -> assertThat(fault).contains("serves epoch 1"));
    }

    @Test
    void aSchedulerThatDoesNotListenToRollbacksIsFound() {
        UnaryOperator<Situation> deaf = situation -> new Situation(
                situation.ref(),
                situation.rollout(),
                situation.basis(),
                situation.flag(),
                List.of(),
                situation.verdicts(),
                situation.highestEpoch(),
                situation.verdictAge(),
                situation.terms(),
                situation.freezes());
        Explorer explorer = new Explorer(
                (situation, event) -> event instanceof RolloutEvent.RollbackArrived
                        ? Decision.NOTHING
                        : RolloutDecider.decide(deaf.apply(situation), event),
                EDGE);
        assertThat(explorer.firstFault())
                .hasValueSatisfying(fault -> assertThat(fault).contains("was written after"));
    }

    @Test
    void aSchedulerThatRaisesWithoutLookingIsFound() {
        Explorer explorer = new Explorer(
                (situation, event) ->
                        event instanceof RolloutEvent.Tick && situation.open().isPresent()
                                ? RolloutDecider.decide(
                                        situation,
                                        new RolloutEvent.Advance(
                                                Given.order(situation, RolloutDecider.SCHEDULER, event.now()), true))
                                : RolloutDecider.decide(situation, event),
                EDGE);
        assertThat(explorer.firstFault())
                .hasValueSatisfying(fault -> assertThat(fault).contains("raised by itself"));
    }

    @Test
    void anApprovalThatOneGivesOneselfIsFound() {
        Explorer explorer = new Explorer(
                (situation, event) -> event instanceof RolloutEvent.Approve approve
                        ? RolloutDecider.decide(
                                situation,
                                new RolloutEvent.Approve(
                                        Given.order(situation, BOB, event.now()), approve.hash(), approve.role()))
                        : RolloutDecider.decide(situation, event),
                EDGE);
        assertThat(explorer.firstFault())
                .hasValueSatisfying(fault -> assertThat(fault).contains("nobody else agreed"));
    }

    @Test
    void anApprovalThatOutlivesALooseningIsFound() {
        Explorer explorer = new Explorer(
                (situation, event) -> {
                    Decision decision = RolloutDecider.decide(situation, event);
                    return event instanceof RolloutEvent.Edit edit
                            ? new Decision(
                                    decision.changes().stream()
                                            .map(change -> new Change(
                                                    change.state(),
                                                    change.basis(),
                                                    situation
                                                            .terms()
                                                            .tightened(
                                                                    change.state()
                                                                            .id(),
                                                                    edit.plan()),
                                                    change.action(),
                                                    change.by()))
                                            .toList(),
                                    decision.refusal())
                            : decision;
                },
                EDGE);
        assertThat(explorer.firstFault())
                .hasValueSatisfying(fault -> assertThat(fault).contains("nobody else agreed"));
    }

    /**
     * Everything that may differ.
     *
     * @param situation what the scheduler knows and keeps
     * @param edge what an edge knows
     * @param written every state of a rollout that was ever published; each may reach the edge at any time, again and again
     * @param rollbacks what the controller wrote
     * @param agreed hashes that somebody else than the author of a loosening agreed to since
     * @param now the database's clock
     * @param last what the last step wrote
     * @param path how it came to this
     */
    private record World(
            Situation situation,
            ServedFlag edge,
            List<RolloutState> written,
            List<Rollback> rollbacks,
            Set<String> agreed,
            Instant now,
            List<Change> last,
            List<String> path) {
        int epoch() {
            RolloutState rollout = situation.rollout();
            return rollout == null ? 0 : rollout.epoch();
        }

        /** Versions and times count by what they allow, not by how great they are. */
        String key() {
            RolloutState rollout = situation.rollout();
            String latest = rollout == null
                    ? "none"
                    : rollout.epoch() + " " + rollout.status() + " " + rollout.stage() + " " + rollout.asked() + " "
                            + plan(rollout) + " " + isOld(rollout);
            String served = edge.currentEpoch() + " " + edge.out() + " "
                    + (edge.rollout() == null
                            ? ""
                            : edge.rollout().status() + " " + edge.rollout().stage());
            return latest + "|" + served + "|" + rollbacks.size()
                    + situation.rollbacks().size() + "|"
                    + situation.terms().approvals().size()
                    + situation.terms().authors().size()
                    + situation.terms().pinned() + situation.freezes().size() + "|" + verdicts() + "|" + agreed.size();
        }

        private String plan(RolloutState rollout) {
            return rollout.plan() == null
                    ? ""
                    : rollout.plan().stages().get(0).atLeast() + ""
                            + rollout.plan().stages().get(2).atLeast();
        }

        private boolean isOld(RolloutState rollout) {
            return rollout.stageSince() != null
                    && !now.isBefore(rollout.stageSince().plus(STAGE));
        }

        private String verdicts() {
            return situation.verdicts().values().stream()
                    .map(heard ->
                            heard.verdict().epoch() + " " + heard.verdict().stage()
                                    + heard.verdict().decision() + heard.isFresh(now, situation.verdictAge()))
                    .sorted()
                    .toList()
                    .toString();
        }
    }

    private static final class Explorer {
        private final BiFunction<Situation, RolloutEvent, Decision> decider;
        private final BiFunction<ServedFlag, RolloutState, ServedFlag> edge;
        private final Set<String> seen = new HashSet<>();
        private final Set<RolloutStatus> reached = new HashSet<>();

        Explorer(
                BiFunction<Situation, RolloutEvent, Decision> decider,
                BiFunction<ServedFlag, RolloutState, ServedFlag> edge) {
            this.decider = decider;
            this.edge = edge;
        }

        /** Returns what is wrong and the shortest way there; empty when nothing was found. */
        Optional<String> firstFault() {
            Deque<World> ahead = new ArrayDeque<>();
            ahead.add(new World(
                    Given.nothing(),
                    ServedFlag.of(Given.FLAG),
                    List.of(),
                    List.of(),
                    Set.of(),
                    Given.NOON,
                    List.of(),
                    List.of()));
            while (!ahead.isEmpty() && seen.size() < MOST_STATES) {
                World world = ahead.poll();
                for (Map.Entry<String, Step> step : steps(world).entrySet()) {
                    World next = step.getValue().from(world);
                    List<String> path = new ArrayList<>(world.path());
                    path.add(step.getKey());
                    Optional<String> fault = fault(world, next);
                    if (fault.isPresent()) {
                        return Optional.of(fault.get() + ", after " + path);
                    }
                    if (seen.add(next.key())) {
                        Optional.ofNullable(next.situation().rollout())
                                .ifPresent(rollout -> reached.add(rollout.status()));
                        ahead.add(new World(
                                next.situation(),
                                next.edge(),
                                next.written(),
                                next.rollbacks(),
                                next.agreed(),
                                next.now(),
                                List.of(),
                                path));
                    }
                }
            }
            return Optional.empty();
        }

        /** What can happen next. */
        private interface Step {
            World from(World world);
        }

        private Map<String, Step> steps(World world) {
            Map<String, Step> steps = new LinkedHashMap<>();
            Situation situation = world.situation();
            Instant now = world.now();
            RolloutState rollout = situation.rollout();
            steps.put("time passes", w -> take(later(w, STAGE), each -> new RolloutEvent.Tick(each.now())));
            if (world.epoch() < MOST_EPOCHS) {
                steps.put("start", event(Given.start(PLAN, now)));
            }
            if (rollout != null) {
                commands(steps, world, rollout);
                messages(steps, world, rollout);
            }
            return steps;
        }

        private void commands(Map<String, Step> steps, World world, RolloutState rollout) {
            Situation situation = world.situation();
            Instant now = world.now();
            RolloutEvent.Order order = Given.order(situation, now);
            RolloutEvent.Order stale =
                    new RolloutEvent.Order(rollout.epoch(), rollout.version() - 1, Given.ANN, "as it was before", now);
            steps.put("advance", event(new RolloutEvent.Advance(order, false)));
            steps.put("advance, override", event(new RolloutEvent.Advance(order, true)));
            steps.put("stale advance, override", event(new RolloutEvent.Advance(stale, true)));
            steps.put("jump, override", event(new RolloutEvent.Jump(order, "everyone", true)));
            steps.put("complete, override", event(new RolloutEvent.Complete(order, true)));
            steps.put("pause", event(new RolloutEvent.Pause(order)));
            steps.put("resume", event(new RolloutEvent.Resume(order)));
            steps.put("pin", event(new RolloutEvent.Pin(order, "canary")));
            steps.put("cancel", event(new RolloutEvent.Cancel(order)));
            if (rollout.plan() != null) {
                steps.put(
                        "edit, tighter",
                        event(new RolloutEvent.Edit(order, lasting(rollout.plan(), STAGE.multipliedBy(2)))));
                steps.put("edit, looser", event(new RolloutEvent.Edit(order, lasting(rollout.plan(), Duration.ZERO))));
            }
            Needed.of(rollout, situation.terms()).stream().findFirst().ifPresent(needed -> {
                steps.put(
                        "approve",
                        event(new RolloutEvent.Approve(
                                Given.order(situation, BOB, now), needed.hash(), Role.RELEASER)));
                steps.put("approve one's own", event(new RolloutEvent.Approve(order, needed.hash(), Role.ADMIN)));
            });
            if (rollout.epoch() < MOST_EPOCHS) {
                RolloutEvent.Opening again = new RolloutEvent.Opening(1, false, true, true, List.of(), null, null);
                steps.put(
                        "start again in the half",
                        event(new RolloutEvent.Start(PLAN, null, again, Given.ANN, "again", now)));
                steps.put("restore", event(new RolloutEvent.Restore(null, Given.ANN, "fixed", now)));
            }
        }

        private void messages(Map<String, Step> steps, World world, RolloutState rollout) {
            Instant now = world.now();
            if (rollout.plan() != null && rollout.stage() >= 0) {
                steps.put(
                        "healthy",
                        event(new RolloutEvent.VerdictArrived(
                                Given.heard(rollout, dev.belay.contracts.verdicts.Decision.HEALTHY, now), now)));
                steps.put(
                        "breach",
                        event(new RolloutEvent.VerdictArrived(
                                Given.heard(rollout, dev.belay.contracts.verdicts.Decision.BREACHED, now), now)));
            }
            // The controller knows what was published, which may be old.
            world.written().stream().mapToInt(RolloutState::epoch).distinct().forEach(epoch -> {
                steps.put(
                        "rollback of " + epoch + " is written",
                        w -> writes(w, Given.rollback(epoch, RollbackTarget.ALL)));
                steps.put(
                        "kill of " + epoch + " is written", w -> writes(w, Given.rollback(epoch, RollbackTarget.KILL)));
            });
            for (Rollback rollback : world.rollbacks()) {
                steps.put(
                        rollback.target() + " of " + rollback.epoch() + " reaches the scheduler",
                        event(new RolloutEvent.RollbackArrived(rollback, now)));
                steps.put(
                        rollback.target() + " of " + rollback.epoch() + " reaches the edge",
                        w -> edge(w, w.edge().onRollback(rollback)));
            }
            // The last, the first, and each in between again: old and repeated messages.
            for (RolloutState state : world.written()) {
                steps.put(
                        state.epoch() + "@" + state.version() + " reaches the edge",
                        w -> edge(w, edge.apply(w.edge(), state)));
            }
        }

        private Step event(RolloutEvent event) {
            return world -> take(world, each -> event);
        }

        private World take(World world, java.util.function.Function<World, RolloutEvent> made) {
            RolloutEvent event = made.apply(world);
            Decision decision = decider.apply(world.situation(), event);
            Situation situation = Given.applied(event.knownIn(world.situation()), decision);
            List<RolloutState> written = new ArrayList<>(world.written());
            decision.changes().forEach(change -> written.add(change.state()));
            return new World(
                    situation,
                    world.edge(),
                    List.copyOf(written),
                    world.rollbacks(),
                    agreed(world, event, decision),
                    world.now(),
                    decision.changes(),
                    world.path());
        }

        /** Kept apart from what the decider keeps: who really agreed, to a plan nobody loosened since. */
        private static Set<String> agreed(World world, RolloutEvent event, Decision decision) {
            boolean isObeyed = decision.refusal() == null && !decision.changes().isEmpty();
            if (isObeyed && event instanceof RolloutEvent.Edit edit && isLooser(world, edit)) {
                return Set.of();
            }
            if (isObeyed && event instanceof RolloutEvent.Start) {
                return Set.of();
            }
            if (isObeyed
                    && event instanceof RolloutEvent.Approve approve
                    && approve.by().equals(BOB)) {
                return Set.of("half");
            }
            return world.agreed();
        }

        private static boolean isLooser(World world, RolloutEvent.Edit edit) {
            RolloutState before = world.situation().rollout();
            return before == null
                    || before.plan() == null
                    || edit.plan()
                                    .stages()
                                    .get(0)
                                    .atLeast()
                                    .compareTo(before.plan().stages().get(0).atLeast())
                            < 0;
        }

        private static World later(World world, Duration duration) {
            return new World(
                    world.situation(),
                    world.edge(),
                    world.written(),
                    world.rollbacks(),
                    world.agreed(),
                    world.now().plus(duration),
                    List.of(),
                    world.path());
        }

        private static World writes(World world, Rollback rollback) {
            if (world.rollbacks().contains(rollback)) {
                return world;
            }
            List<Rollback> all = new ArrayList<>(world.rollbacks());
            all.add(rollback);
            return new World(
                    world.situation(),
                    world.edge(),
                    world.written(),
                    List.copyOf(all),
                    world.agreed(),
                    world.now(),
                    List.of(),
                    world.path());
        }

        private static World edge(World world, ServedFlag served) {
            return new World(
                    world.situation(),
                    served,
                    world.written(),
                    world.rollbacks(),
                    world.agreed(),
                    world.now(),
                    List.of(),
                    world.path());
        }

        private static Plan lasting(Plan plan, Duration atLeast) {
            return Given.lasting(plan, atLeast);
        }

        private static Optional<String> fault(World before, World after) {
            return servedAfterRollback(after)
                    .or(() -> writtenAfterRollback(before, after))
                    .or(() -> raisedWithoutGate(before, after))
                    .or(() -> enteredWithoutApproval(before, after));
        }

        /** Whatever the edge has ever been told is out stays out for it. */
        private static Optional<String> servedAfterRollback(World after) {
            int served = after.edge()
                    .inForce()
                    .or(after.edge()::unfolded)
                    .map(RolloutState::epoch)
                    .orElse(0);
            boolean isOut = after.path().stream()
                    .anyMatch(step -> step.endsWith("reaches the edge")
                            && step.contains(" of ")
                            && Integer.parseInt(step.replaceAll(".* of (\\d+) .*", "$1")) >= served);
            return served > 0 && isOut
                    ? Optional.of("the edge serves epoch " + served + " though that is out")
                    : Optional.empty();
        }

        /** What the scheduler was told is out it never lets treat again. */
        private static Optional<String> writtenAfterRollback(World before, World after) {
            return fresh(after).stream()
                    .filter(state -> state.status().isLive() || state.status() == RolloutStatus.COMPLETED)
                    .filter(state -> before.situation().rollbacks().stream()
                            .anyMatch(rollback -> rollback.epoch() >= state.epoch()))
                    .findFirst()
                    .map(state -> state.status() + " of epoch " + state.epoch() + " was written after its rollback");
        }

        /** What the plan names, looked up here and not in the gate. */
        private static Optional<String> raisedWithoutGate(World before, World after) {
            RolloutState from = before.situation().rollout();
            if (from == null || from.plan() == null || from.stage() < 0) {
                return Optional.empty();
            }
            return after.last().stream()
                    .filter(change -> change.by().equals(RolloutDecider.SCHEDULER))
                    .map(Change::state)
                    .filter(state -> state.epoch() == from.epoch())
                    .filter(state -> state.stage() > from.stage() || state.status() == RolloutStatus.COMPLETED)
                    .filter(state -> !mayRise(after, from, after.now()))
                    .findFirst()
                    .map(state -> "it raised by itself to stage " + state.stage());
        }

        private static boolean mayRise(World known, RolloutState from, Instant now) {
            Plan plan = from.plan();
            Instant since = from.stageSince();
            if (plan == null || since == null) {
                return false;
            }
            Stage stage = plan.stages().get(from.stage());
            boolean isProven = known.situation().verdicts().values().stream()
                    .anyMatch(heard -> heard.verdict().epoch() == from.epoch()
                            && heard.verdict().stage() == from.stage()
                            && heard.verdict().decision() == dev.belay.contracts.verdicts.Decision.HEALTHY
                            && !heard.arrivedAt().isBefore(now.minus(Given.VERDICT_AGE)));
            return from.status() == RolloutStatus.RUNNING
                    && stage.advance() != AdvanceMode.BY_HAND
                    && !now.isBefore(since.plus(stage.atLeast()))
                    && isProven
                    && known.situation().terms().pinned() == null;
        }

        private static Optional<String> enteredWithoutApproval(World before, World after) {
            RolloutState from = before.situation().rollout();
            int stood = from == null ? -1 : from.stage();
            int epoch = from == null ? 0 : from.epoch();
            return fresh(after).stream()
                    .filter(state -> state.status().isLive() || state.status() == RolloutStatus.COMPLETED)
                    .filter(state -> needs(state, state.epoch() == epoch ? stood : -1))
                    .filter(state -> !after.agreed().contains("half"))
                    .findFirst()
                    .map(state -> "stage " + state.stage() + " was entered, and nobody else agreed");
        }

        /** Completing enters every stage that is left. */
        private static boolean needs(RolloutState state, int stood) {
            Plan plan = state.plan();
            if (plan == null) {
                return false;
            }
            int reached =
                    state.status() == RolloutStatus.COMPLETED ? plan.stages().size() - 1 : state.stage();
            return plan.stages().subList(stood + 1, Math.max(stood + 1, reached + 1)).stream()
                    .anyMatch(stage -> isApproval(stage.approval()));
        }

        private static boolean isApproval(@Nullable Approval approval) {
            return approval != null;
        }

        private static List<RolloutState> fresh(World after) {
            return after.last().stream().map(Change::state).toList();
        }
    }
}
