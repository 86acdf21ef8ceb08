// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts.decision;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.belay.contracts.Actor;
import dev.belay.contracts.keys.Role;
import dev.belay.contracts.rollbacks.RollbackTarget;
import dev.belay.contracts.rollouts.AdvanceMode;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.rollouts.RolloutStatus;
import org.junit.jupiter.api.Test;

import static dev.belay.contracts.verdicts.Decision.BREACHED;
import static dev.belay.contracts.verdicts.Decision.HEALTHY;
import static org.assertj.core.api.Assertions.assertThat;

/** The answer to every event in every status, and the page people read it on. */
class RolloutTableTest {
    private static final Path PAGE = Path.of("..", "docs", "decisions", "rollout.md");
    private static final Path CORRECTED = Path.of("target", "rollout.md");
    private static final Actor BOB = Actor.person("bob");
    private static final Instant LATER = Given.NOON.plusSeconds(3_601);

    private static final Map<String, Situation> SITUATIONS = situations();
    private static final Map<String, Function<Situation, RolloutEvent>> EVENTS = events();

    @Test
    void answersEveryEventInEveryStatus() {
        assertThat(SITUATIONS.values().stream()
                        .filter(situation -> situation.rollout() != null)
                        .map(situation -> situation.rollout().status()))
                .as("every status has a situation")
                .containsAll(List.of(RolloutStatus.values()));
        assertThat(EVENTS.values().stream()
                        .map(event -> event.apply(Given.nothing()).getClass())
                        .collect(Collectors.toSet()))
                .as("every event has a sample")
                .isEqualTo(eventClasses());
        EVENTS.values().forEach(event -> SITUATIONS.values().forEach(situation -> assertThat(
                        RolloutDecider.decide(situation, event.apply(situation)))
                .isNotNull()));
    }

    @Test
    void nothingLeadsOutOfATerminalStatus() {
        SITUATIONS.values().stream()
                .filter(situation -> situation.rollout() != null)
                .filter(situation -> situation.rollout().status().isTerminal())
                .forEach(situation -> EVENTS.values()
                        .forEach(event -> assertThat(RolloutDecider.decide(situation, event.apply(situation))
                                        .changes())
                                .allSatisfy(change -> assertThat(change.state().epoch())
                                        .isGreaterThan(situation.rollout().epoch()))));
    }

    @Test
    void thePageHoldsTheTable() throws IOException {
        String page = Files.readString(PAGE);
        String table = table();
        Files.writeString(CORRECTED, page.substring(0, page.indexOf("\n| event")) + "\n" + table);
        assertThat(page).as("the corrected page is in " + CORRECTED).contains(table);
    }

    private static String table() {
        StringBuilder table = new StringBuilder("| event |");
        SITUATIONS.keySet().forEach(name -> table.append(' ').append(name).append(" |"));
        table.append("\n|---|").append("---|".repeat(SITUATIONS.size())).append('\n');
        EVENTS.forEach((name, event) -> {
            table.append("| ").append(name).append(" |");
            SITUATIONS.values().forEach(situation -> table.append(' ')
                    .append(answer(situation, event.apply(situation)))
                    .append(" |"));
            table.append('\n');
        });
        return table.toString();
    }

    private static String answer(Situation situation, RolloutEvent event) {
        Decision decision = RolloutDecider.decide(situation, event);
        Stream<String> changes = decision.changes().stream().map(change -> inWords(situation, change.state()));
        Stream<String> refusal =
                Stream.ofNullable(decision.refusal()).map(refused -> refused.status() + " " + refused.code());
        String words = Stream.concat(changes, refusal).collect(Collectors.joining(", "));
        return words.isEmpty() ? "–" : words;
    }

    private static String inWords(Situation before, RolloutState after) {
        RolloutState rollout = before.rollout();
        if (rollout == null || after.epoch() > rollout.epoch()) {
            return "**" + after.status() + "**, new epoch";
        }
        if (after.status() != rollout.status()) {
            return "**" + after.status() + "**";
        }
        if (after.stage() > rollout.stage() + 1) {
            return "later stage";
        }
        if (after.stage() != rollout.stage()) {
            return "next stage";
        }
        if (after.allocations().size() > rollout.allocations().size()) {
            return "new allocation";
        }
        return after.asked() != rollout.asked() ? "person asked" : "noted";
    }

    private static Map<String, Situation> situations() {
        Situation running = Given.running(Given.fourStages());
        RolloutState first = running.rollout();
        Situation last = Given.applied(
                running,
                RolloutDecider.decide(running, new RolloutEvent.Advance(Given.order(running, Given.NOON), true)));
        for (int i = 0; i < 2; i++) {
            last = Given.after(last, new RolloutEvent.Advance(Given.order(last, Given.NOON), true));
        }
        Map<String, Situation> all = new LinkedHashMap<>();
        all.put("none", Given.nothing());
        all.put("DRAFT", draft());
        all.put("AWAITING_APPROVAL", review());
        all.put("AWAITING_APPROVAL, approved", Given.after(review(), approve(review(), BOB)));
        all.put("SCHEDULED", Given.after(Given.nothing(), scheduled()));
        all.put("RUNNING, gate closed", running);
        all.put("RUNNING, gate open", running.with(Given.heard(first, HEALTHY, LATER)));
        all.put("RUNNING, last stage, gate open", last.with(Given.heard(last.rollout(), HEALTHY, LATER)));
        all.put(
                "RUNNING, frozen",
                running.with(Given.heard(first, HEALTHY, LATER)).with(Given.freeze()));
        all.put("RUNNING, pinned", pinned(running.with(Given.heard(first, HEALTHY, LATER))));
        all.put("RUNNING, next stage needs approval", needsApproval());
        all.put("RUNNING, breached", running.with(Given.heard(first, "errors", BREACHED, LATER)));
        all.put("PAUSED", in(RolloutStatus.PAUSED));
        all.put("COMPLETED, not folded", in(RolloutStatus.COMPLETED));
        all.put("COMPLETED, folded", in(RolloutStatus.COMPLETED).with(new FlagFacts(1, "t")));
        all.put("ROLLED_BACK", in(RolloutStatus.ROLLED_BACK).with(Given.rollback(1, RollbackTarget.ALL)));
        all.put("ROLLED_BACK, killed", in(RolloutStatus.ROLLED_BACK).with(Given.rollback(1, RollbackTarget.KILL)));
        all.put("CANCELLED", in(RolloutStatus.CANCELLED));
        all.put("RESTORED", in(RolloutStatus.RESTORED));
        return all;
    }

    private static RolloutEvent scheduled() {
        return new RolloutEvent.Start(
                Given.fourStages(),
                Given.NOON.plusSeconds(3_600),
                RolloutEvent.Opening.PLAIN,
                Given.ANN,
                "tonight",
                Given.NOON);
    }

    private static Situation draft() {
        RolloutEvent.Opening opening = new RolloutEvent.Opening(0, true, false, false, List.of(), null, null);
        return Given.after(
                Given.nothing(),
                new RolloutEvent.Start(Given.fourStages(), null, opening, Given.ANN, "an idea", Given.NOON));
    }

    private static Situation review() {
        return Given.after(draft(), new RolloutEvent.Review(Given.order(draft(), Given.NOON), BOB.name()));
    }

    private static Situation pinned(Situation open) {
        return Given.after(open, new RolloutEvent.Pin(Given.order(open, Given.NOON), "internal"));
    }

    private static Situation needsApproval() {
        Situation canary = Given.running(Given.plan(
                Given.percent("canary", 5, AdvanceMode.PROVEN),
                Given.approval(Given.percent("half", 50, AdvanceMode.PROVEN), "releaser", 1)));
        return canary.with(Given.heard(canary.rollout(), HEALTHY, LATER));
    }

    /** Of whatever is needed, or of nothing that ever was. */
    private static RolloutEvent approve(Situation situation, Actor by) {
        String hash = situation.rollout() == null
                ? "none"
                : Needed.of(situation.rollout(), situation.terms()).stream()
                        .findFirst()
                        .map(Needed::hash)
                        .orElse("none");
        return new RolloutEvent.Approve(Given.order(situation, by, LATER), hash, Role.RELEASER);
    }

    private static RolloutEvent edit(Situation situation, Duration atLeast) {
        RolloutState rollout = situation.rollout();
        Plan plan = rollout == null || rollout.plan() == null ? Given.fourStages() : rollout.plan();
        return new RolloutEvent.Edit(Given.order(situation, LATER), Given.lasting(plan, atLeast));
    }

    private static RolloutEvent again(boolean override) {
        RolloutEvent.Opening opening = new RolloutEvent.Opening(0, false, true, override, List.of(), null, null);
        return new RolloutEvent.Start(Given.fourStages(), null, opening, Given.ANN, "mended", LATER);
    }

    private static String lastStage(Situation situation) {
        RolloutState rollout = situation.rollout();
        Plan plan = rollout == null || rollout.plan() == null ? Given.fourStages() : rollout.plan();
        return plan.stages().get(plan.stages().size() - 1).name();
    }

    private static Situation in(RolloutStatus status) {
        Situation running = Given.running(Given.fourStages());
        return running.with(Given.in(status, running.rollout()), running.basis());
    }

    private static Map<String, Function<Situation, RolloutEvent>> events() {
        Map<String, Function<Situation, RolloutEvent>> all = new LinkedHashMap<>();
        all.put("start", situation -> Given.start(Given.fourStages(), LATER));
        all.put("time passes", situation -> new RolloutEvent.Tick(LATER));
        all.put("a verdict arrives", situation -> verdict(situation));
        all.put("rollback `all`", situation -> rollback(situation, RollbackTarget.ALL));
        all.put("rollback `kill`", situation -> rollback(situation, RollbackTarget.KILL));
        all.put("a kill that the start missed", situation -> missedKill(situation));
        all.put("rollback of the only treatment", situation -> rollback(situation, RollbackTarget.variant("on")));
        all.put("rollback of a segment", situation -> rollback(situation, RollbackTarget.segment("country", "FR")));
        all.put("the flag's targeting changes", situation -> new RolloutEvent.TargetingChanged("other", LATER));
        all.put("pause", situation -> new RolloutEvent.Pause(Given.order(situation, LATER)));
        all.put("resume", situation -> new RolloutEvent.Resume(Given.order(situation, LATER)));
        all.put("advance", situation -> new RolloutEvent.Advance(Given.order(situation, LATER), false));
        all.put("advance, override", situation -> new RolloutEvent.Advance(Given.order(situation, LATER), true));
        all.put("complete", situation -> new RolloutEvent.Complete(Given.order(situation, LATER), false));
        all.put("complete, override", situation -> new RolloutEvent.Complete(Given.order(situation, LATER), true));
        all.put("cancel", situation -> new RolloutEvent.Cancel(Given.order(situation, LATER)));
        all.put(
                "jump to the last stage",
                situation -> new RolloutEvent.Jump(Given.order(situation, LATER), lastStage(situation), false));
        all.put(
                "jump to the last stage, override",
                situation -> new RolloutEvent.Jump(Given.order(situation, LATER), lastStage(situation), true));
        all.put(
                "pin to the last stage",
                situation -> new RolloutEvent.Pin(Given.order(situation, LATER), lastStage(situation)));
        all.put("unpin", situation -> new RolloutEvent.Pin(Given.order(situation, LATER), null));
        all.put("ask for a review", situation -> new RolloutEvent.Review(Given.order(situation, LATER), "bob"));
        all.put("approve", situation -> approve(situation, BOB));
        all.put("approve one's own", situation -> approve(situation, Given.ANN));
        all.put("edit, tighter", situation -> edit(situation, Duration.ofHours(2)));
        all.put("edit, looser", situation -> edit(situation, Duration.ofMinutes(1)));
        all.put(
                "start what is a draft or approved",
                situation -> new RolloutEvent.Launch(Given.order(situation, LATER)));
        all.put("start again", situation -> again(false));
        all.put("start again, override", situation -> again(true));
        all.put("restore", situation -> new RolloutEvent.Restore(null, Given.ANN, "fixed", LATER));
        return all;
    }

    /** One that says nothing new: the answer is that of the status. */
    private static RolloutEvent verdict(Situation situation) {
        RolloutState rollout =
                situation.rollout() == null ? Given.running(Given.fourStages()).rollout() : situation.rollout();
        Heard undecided = Given.heard(rollout, "other", dev.belay.contracts.verdicts.Decision.UNDECIDED, LATER);
        return new RolloutEvent.VerdictArrived(undecided, LATER);
    }

    /** It was written while the rollout started, so it has the epoch before. */
    private static RolloutEvent missedKill(Situation situation) {
        int epoch = situation.rollout() == null ? 0 : situation.rollout().epoch() - 1;
        return new RolloutEvent.RollbackArrived(Given.rollback(epoch, RollbackTarget.KILL), LATER);
    }

    private static RolloutEvent rollback(Situation situation, RollbackTarget target) {
        int epoch = situation.rollout() == null ? 0 : situation.rollout().epoch();
        return new RolloutEvent.RollbackArrived(Given.rollback(epoch, target), LATER);
    }

    private static Set<Class<?>> eventClasses() {
        return Arrays.stream(RolloutEvent.class.getPermittedSubclasses())
                .flatMap(RolloutTableTest::leaves)
                .collect(Collectors.toSet());
    }

    private static Stream<Class<?>> leaves(Class<?> type) {
        return type.isSealed()
                ? Arrays.stream(type.getPermittedSubclasses()).flatMap(RolloutTableTest::leaves)
                : Stream.of(type);
    }
}
