// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts.decision;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.belay.contracts.rollbacks.Rollback;
import dev.belay.contracts.rollbacks.RollbackTarget;
import dev.belay.contracts.rollouts.Allocation;
import dev.belay.contracts.rollouts.Clause;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.rollouts.RolloutStatus;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

import static org.assertj.core.api.Assertions.assertThat;

/** What holds after any sequence of commands, messages and time. */
class RolloutPropertiesTest {

    /** What happens next; minutes pass in between. */
    enum Happening {
        START,
        START_LATER,
        TIME,
        HEALTHY,
        OLD_HEALTHY,
        BREACHED,
        ROLL_BACK,
        ROLL_BACK_EARLIER_EPOCH,
        KILL,
        KILL_THAT_THE_START_MISSED,
        SEGMENT_OUT,
        VARIANT_OUT,
        TARGETING,
        PAUSE,
        RESUME,
        ADVANCE,
        FORCE,
        COMPLETE,
        FORCE_COMPLETE,
        CANCEL,
        RESTORE,
        FOLD
    }

    @Provide
    Arbitrary<List<Happening>> stories() {
        Arbitrary<Happening> any = Arbitraries.frequencyOf(
                Tuple.of(3, Arbitraries.of(Happening.START, Happening.FORCE, Happening.HEALTHY)),
                Tuple.of(5, Arbitraries.of(Happening.values())));
        return any.list().ofMinSize(1).ofMaxSize(60);
    }

    @Property(tries = 2_000)
    void nothingLeadsFromARollbackBackToTreatmentWithoutANewEpoch(@ForAll("stories") List<Happening> story) {
        World world = new World();
        for (Happening happening : story) {
            List<Rollback> before = world.situation.rollbacks();
            for (Change change : world.live(happening)) {
                RolloutState state = change.state();
                boolean treats = state.status().isLive() || state.status() == RolloutStatus.COMPLETED;
                if (treats) {
                    assertThat(before)
                            .as(happening + " wrote " + state.status() + " of epoch " + state.epoch())
                            .filteredOn(rollback -> takesAllOut(rollback))
                            .allSatisfy(rollback -> assertThat(rollback.epoch()).isLessThan(state.epoch()));
                }
            }
            assertNothingOpenIsOut(world.situation);
        }
    }

    @Property(tries = 2_000)
    void aKilledFlagIsRaisedByNothingButARestore(@ForAll("stories") List<Happening> story) {
        World world = new World();
        for (Happening happening : story) {
            boolean wasKilled = world.situation.kill().isPresent();
            List<Change> changes = world.live(happening);
            if (wasKilled && happening != Happening.RESTORE) {
                assertThat(changes).as("killed, then " + happening).isEmpty();
            }
        }
    }

    @Property(tries = 2_000)
    void aRaiseNeverLowersAClauseAndNeverSkipsAStage(@ForAll("stories") List<Happening> story) {
        World world = new World();
        story.forEach(world::live);
        for (RolloutState state : world.written) {
            Map<String, Double> reached = new HashMap<>();
            int stage = 0;
            int number = 0;
            for (Allocation allocation : state.allocations()) {
                assertThat(allocation.stage()).isBetween(stage, stage + 1);
                assertThat(allocation.number()).isEqualTo(number + 1);
                stage = allocation.stage();
                number = allocation.number();
                for (Clause clause : allocation.clauses()) {
                    assertThat(clause.percent()).isGreaterThanOrEqualTo(reached.getOrDefault(clause.id(), 0.0));
                    reached.put(clause.id(), clause.percent());
                }
            }
        }
    }

    @Property(tries = 2_000)
    void versionsRiseByOneAndNothingFollowsATerminalStatus(@ForAll("stories") List<Happening> story) {
        World world = new World();
        story.forEach(world::live);
        for (int i = 1; i < world.written.size(); i++) {
            RolloutState before = world.written.get(i - 1);
            RolloutState after = world.written.get(i);
            if (after.epoch() == before.epoch()) {
                assertThat(before.status().isTerminal()).isFalse();
                assertThat(after.version()).isEqualTo(before.version() + 1);
            } else {
                assertThat(before.status().isTerminal()).isTrue();
                assertThat(after.epoch()).isGreaterThan(before.epoch());
                assertThat(after.version()).isEqualTo(1);
            }
        }
    }

    private static void assertNothingOpenIsOut(Situation situation) {
        situation.open().ifPresent(open -> assertThat(situation.rollbacks())
                .filteredOn(rollback -> takesAllOut(rollback))
                .allSatisfy(rollback -> assertThat(rollback.epoch()).isLessThan(open.epoch())));
    }

    @Property(tries = 2_000)
    void aKillThatAStartMissedEndsTheRolloutAndHoldsUntilARestore(@ForAll("stories") List<Happening> story) {
        World world = new World();
        story.forEach(happening -> {
            world.live(happening);
            Situation now = world.situation;
            now.open().ifPresent(open -> assertThat(now.rollbacks())
                    .filteredOn(rollback -> rollback.target().kind() == RollbackTarget.Kind.KILL)
                    .as("kills while epoch " + open.epoch() + " is " + open.status())
                    .allSatisfy(kill -> assertThat(kill.epoch()).isLessThan(open.epoch() - 1)));
        });
    }

    private static boolean takesAllOut(Rollback rollback) {
        return rollback.target().kind() == RollbackTarget.Kind.ALL
                || rollback.target().kind() == RollbackTarget.Kind.KILL
                || rollback.target().kind() == RollbackTarget.Kind.VARIANT;
    }

    /** A flag, its messages, and everything written about it. */
    private static final class World {
        private final List<RolloutState> written = new ArrayList<>();
        private Situation situation = Given.nothing();
        private Instant now = Given.NOON;
        private int targeting;

        List<Change> live(Happening happening) {
            now = now.plusSeconds(300);
            if (happening == Happening.FOLD) {
                fold();
                return List.of();
            }
            RolloutEvent event = event(happening);
            Situation known = event.knownIn(situation);
            Decision decision = RolloutDecider.decide(situation, event);
            situation = Given.applied(known, decision);
            decision.changes().forEach(change -> written.add(change.state()));
            return decision.changes();
        }

        private void fold() {
            RolloutState latest = situation.rollout();
            if (latest != null && latest.status() == RolloutStatus.COMPLETED) {
                situation = situation.with(new FlagFacts(latest.epoch(), "t" + targeting));
            }
        }

        private RolloutEvent event(Happening happening) {
            int epoch = situation.rollout() == null ? 0 : situation.rollout().epoch();
            return switch (happening) {
                case START -> Given.start(Given.fourStages(), now);
                case START_LATER ->
                    new RolloutEvent.Start(
                            Given.fourStages(),
                            now.plusSeconds(400),
                            RolloutEvent.Opening.PLAIN,
                            Given.ANN,
                            "later",
                            now);
                case TIME, FOLD -> new RolloutEvent.Tick(now);
                case HEALTHY -> verdict(dev.belay.contracts.verdicts.Decision.HEALTHY, now);
                case OLD_HEALTHY -> verdict(dev.belay.contracts.verdicts.Decision.HEALTHY, now.minusSeconds(31));
                case BREACHED -> verdict(dev.belay.contracts.verdicts.Decision.BREACHED, now);
                case ROLL_BACK -> rollback(epoch, RollbackTarget.ALL);
                case ROLL_BACK_EARLIER_EPOCH -> rollback(Math.max(0, epoch - 1), RollbackTarget.ALL);
                case KILL -> rollback(epoch, RollbackTarget.KILL);
                case KILL_THAT_THE_START_MISSED -> rollback(Math.max(0, epoch - 1), RollbackTarget.KILL);
                case SEGMENT_OUT -> rollback(epoch, RollbackTarget.segment("country", "FR"));
                case VARIANT_OUT -> rollback(epoch, RollbackTarget.variant("on"));
                case TARGETING -> new RolloutEvent.TargetingChanged("t" + ++targeting, now);
                case PAUSE -> new RolloutEvent.Pause(Given.order(situation, now));
                case RESUME -> new RolloutEvent.Resume(Given.order(situation, now));
                case ADVANCE -> new RolloutEvent.Advance(Given.order(situation, now), false);
                case FORCE -> new RolloutEvent.Advance(Given.order(situation, now), true);
                case COMPLETE -> new RolloutEvent.Complete(Given.order(situation, now), false);
                case FORCE_COMPLETE -> new RolloutEvent.Complete(Given.order(situation, now), true);
                case CANCEL -> new RolloutEvent.Cancel(Given.order(situation, now));
                case RESTORE -> new RolloutEvent.Restore(null, Given.ANN, "fixed", now);
            };
        }

        private RolloutEvent verdict(dev.belay.contracts.verdicts.Decision decision, Instant arrived) {
            RolloutState about = situation
                    .open()
                    .filter(open -> open.stage() >= 0)
                    .orElseGet(() -> Given.running(Given.fourStages()).rollout());
            return new RolloutEvent.VerdictArrived(Given.heard(about, decision, arrived), now);
        }

        private RolloutEvent rollback(int epoch, RollbackTarget target) {
            return new RolloutEvent.RollbackArrived(Given.rollback(epoch, target), now);
        }
    }
}
