// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollback.decision;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.belay.contracts.Json;
import dev.belay.contracts.rollbacks.Hold;
import dev.belay.contracts.rollbacks.Incident;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.rollouts.RolloutStatus;
import dev.belay.contracts.verdicts.Decision;
import dev.belay.contracts.verdicts.Reason;
import dev.belay.contracts.verdicts.Verdict;
import org.junit.jupiter.api.Test;

import static dev.belay.rollback.decision.Samples.NOON;
import static org.assertj.core.api.Assertions.assertThat;

class HoldDeciderTest {
    private static final HoldPolicy POLICY = new HoldPolicy(Duration.ofSeconds(30), Duration.ofSeconds(60));
    private static final String NOT_JUDGED = "shop/production/new-checkout#3#hold:NOT_JUDGED";
    private static final String NO_DATA = "shop/production/new-checkout#3#hold:NO_DATA";

    private final Map<String, Incident> known = new HashMap<>();
    private final List<Incident> written = new ArrayList<>();
    private Map<String, Phase> phases = Map.of();
    private RolloutState rollout = Samples.running(3, NOON);
    private Instant watchingSince = NOON;
    private Instant now = NOON;
    private Set<String> out = Set.of();

    @Test
    void aRolloutWithoutAVerdictForThreeHeartbeatsIsToldOnce() {
        look(29);
        assertThat(written).isEmpty();

        for (int second = 0; second < 600; second++) {
            look(1);
        }
        assertThat(written).singleElement().satisfies(incident -> {
            assertThat(incident.id()).isEqualTo(NOT_JUDGED);
            assertThat(incident.status()).isEqualTo(Incident.Status.OPEN);
            assertThat(incident.rollback()).isNull();
            assertThat(incident.tell()).containsExactly("checkout-oncall");
            assertThat(incident.hold().sentences())
                    .containsExactly(
                            "not judged since its start at " + NOON + ": no verdict was said, all raises hold");
        });
    }

    @Test
    void aWatcherThatStopsIsToldAndItsReturnIsToo() {
        Heard last = undecided(Reason.NOT_ENOUGH_EVIDENCE);
        look(30, last);
        assertThat(written).singleElement().satisfies(incident -> assertThat(
                        incident.hold().sentences())
                .containsExactly("not judged since " + NOON + ": no verdict was said, all raises hold"));
        judgedFor(9, Reason.NOT_ENOUGH_EVIDENCE);
        assertThat(written).as("one verdict might be the last").hasSize(1);
        judgedFor(2, Reason.NOT_ENOUGH_EVIDENCE);

        assertThat(written).hasSize(2);
        assertThat(written.get(1).status()).isEqualTo(Incident.Status.HEALED);
        assertThat(written.get(1).version()).isEqualTo(2);
    }

    @Test
    void anotherSilenceIsAnotherEpisode() {
        look(30);
        judgedFor(11, Reason.NOT_ENOUGH_EVIDENCE);
        look(31, undecided(now, Reason.NOT_ENOUGH_EVIDENCE));

        assertThat(written).hasSize(3);
        assertThat(written.get(2).hold().episode()).isEqualTo(2);
        assertThat(written.get(2).version()).isEqualTo(3);
        assertThat(written.get(2).id()).isEqualTo(NOT_JUDGED);
    }

    @Test
    void aRestartedControllerTellsNothingAgain() {
        look(30);
        restart();
        for (int second = 0; second < 120; second++) {
            look(1);
        }
        assertThat(written).hasSize(1);

        restart();
        judgedFor(11, Reason.NOT_ENOUGH_EVIDENCE);
        assertThat(written).hasSize(2);
    }

    @Test
    void whoHasJustBegunToListenKnowsOfNoSilenceYet() {
        watchingSince = NOON.plusSeconds(600);
        now = watchingSince;
        look(29);
        assertThat(written).isEmpty();

        look(1);
        assertThat(written).hasSize(1);
    }

    @Test
    void aReplicaThatSeesTheSameWritesTheSame() {
        look(30);
        Incident first = written.get(0);
        known.clear();
        restart();
        look(0);

        assertThat(written).hasSize(2);
        assertThat(written.get(1)).isEqualTo(first);
    }

    @Test
    void noDataIsToldOnceAndAgainOnlyAfterItHadRecovered() {
        judgedFor(59, Reason.NO_DATA);
        assertThat(written).as("a start is no alarm").isEmpty();
        judgedFor(600, Reason.NO_DATA);
        assertThat(written).singleElement().satisfies(incident -> {
            assertThat(incident.id()).isEqualTo(NO_DATA);
            assertThat(incident.hold().guardrails()).containsExactly("conversion");
            assertThat(incident.hold().sentences()).containsExactly("about NO_DATA");
        });

        judgedFor(30, Reason.NOT_ENOUGH_EVIDENCE);
        judgedFor(120, Reason.NO_DATA);
        assertThat(written).as("half a minute is no recovery").hasSize(1);
        judgedFor(61, Reason.NOT_ENOUGH_EVIDENCE);
        judgedFor(61, Reason.NO_DATA);
        assertThat(written.stream().map(Incident::status))
                .containsExactly(Incident.Status.OPEN, Incident.Status.HEALED, Incident.Status.OPEN);
        assertThat(written.get(2).hold().episode()).isEqualTo(2);
    }

    @Test
    void whileNobodyJudgesNothingElseBeginsOrEnds() {
        judgedFor(61, Reason.NO_DATA);
        look(300, undecided(now, Reason.NO_DATA));

        assertThat(written.stream().map(incident -> incident.hold().cause()))
                .containsExactly("NO_DATA", Hold.NOT_JUDGED);
    }

    @Test
    void evidenceThatGrowsAndABreachAreNotHeldAgainstARollout() {
        judgedFor(300, Reason.NOT_ENOUGH_EVIDENCE, Reason.WARNING);
        Verdict breach = Samples.breach();
        for (int second = 0; second < 300; second++) {
            look(1, new Heard(breach, now));
        }

        assertThat(written).isEmpty();
    }

    @Test
    void aRolloutThatIsOverHoldsNothing() {
        look(30);
        Incident open = written.get(0);
        RolloutState over = Samples.in(RolloutStatus.CANCELLED, rollout);
        rollout = over;
        look(60);
        assertThat(written).hasSize(1);

        assertThat(HoldDecider.onOver(open, over, now).orElseThrow().status()).isEqualTo(Incident.Status.RESOLVED);
        assertThat(HoldDecider.onOver(open, Samples.running(4, NOON), now)).isPresent();
        assertThat(HoldDecider.onOver(open, Samples.running(3, NOON), now)).isEmpty();
    }

    @Test
    void aPersonsWordThatItIsOverStaysUntilItIs() {
        look(30);
        known.put(
                NOT_JUDGED,
                IncidentDecider.onResolved(written.get(0), "ada", now).orElseThrow());
        look(600);
        assertThat(written).hasSize(1);

        judgedFor(11, Reason.NOT_ENOUGH_EVIDENCE);
        look(30, undecided(now, Reason.NOT_ENOUGH_EVIDENCE));
        assertThat(written).hasSize(3);
        assertThat(written.get(2).hold().episode()).isEqualTo(2);
    }

    @Test
    void aRolloutWithoutGuardrailsHasNobodyWhoCouldBeSilent() {
        rollout = Samples.running(3, NOON, List.of());
        look(3_600);

        assertThat(written).isEmpty();
    }

    @Test
    void aBreachThatHoldsOrNotifiesIsToldOnceWithItsSentenceAndOneThatObservesIsNot() {
        for (String then : List.of("hold", "notify", "observe")) {
            Verdict of = Samples.said(Decision.BREACHED, NOON);
            ObjectNode tree = (ObjectNode) Json.read(Json.write(of), JsonNode.class);
            tree.put("then", then).put("guardrail", "errors-" + then).put("sentence", "errors +40 %");
            Verdict breach = Json.read(tree.toString(), Verdict.class);
            for (int second = 0; second < 120; second++) {
                look(1, new Heard(breach, now));
            }
        }

        assertThat(written)
                .filteredOn(incident -> incident.status() == Incident.Status.OPEN)
                .extracting(incident -> incident.hold().cause())
                .containsExactly("guardrail-holds.errors-hold", "guardrail-notifies.errors-notify");
        assertThat(written.get(0).hold().sentences()).containsExactly("errors +40 %");
    }

    @Test
    void whatAVariantOrSegmentThatIsOutLacksIsNobodysMessage() {
        out = Set.of("variant:on");
        judgedFor(300, Reason.SAMPLE_RATIO_MISMATCH, Reason.NO_DATA);
        assertThat(written).isEmpty();

        out = Set.of("segment:country=UK");
        Verdict ofAll = Samples.said(Decision.UNDECIDED, NOON, Reason.NO_DATA);
        ObjectNode tree = (ObjectNode) Json.read(Json.write(ofAll), JsonNode.class);
        Verdict ofTheUk = Json.read(tree.put("segment", "country=UK").toString(), Verdict.class);
        for (int second = 0; second < 120; second++) {
            look(1, new Heard(ofTheUk, now));
        }
        assertThat(written).isEmpty();

        judgedFor(61, Reason.NO_DATA);
        assertThat(written).as("of everyone it is").hasSize(1);
    }

    private void judgedFor(int seconds, Reason... reasons) {
        for (int second = 0; second < seconds; second++) {
            look(1, undecided(now.plusSeconds(1), reasons));
        }
    }

    private Heard undecided(Reason... reasons) {
        return undecided(now, reasons);
    }

    private Heard undecided(Instant at, Reason... reasons) {
        return new Heard(Samples.said(Decision.UNDECIDED, at, reasons), at);
    }

    private void restart() {
        phases = Map.of();
        watchingSince = now.minusSeconds(30);
    }

    private void look(int seconds, Heard... heard) {
        now = now.plusSeconds(seconds);
        Sight sight = new Sight(rollout, List.of(heard), watchingSince, out);
        HoldDecider.Step step = HoldDecider.look(sight, phases, known, POLICY, now);
        phases = step.phases();
        step.incidents().forEach(incident -> known.put(incident.id(), incident));
        written.addAll(step.incidents());
    }
}
