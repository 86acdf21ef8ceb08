// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.decision;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;

import dev.belay.contracts.rollbacks.Incident;
import dev.belay.contracts.rollouts.RolloutStatus;
import dev.belay.notifier.Samples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static dev.belay.notifier.Samples.NOON;
import static org.assertj.core.api.Assertions.assertThat;

class TellingDeciderTest {
    private static final String ROLLOUT = "shop/production/new-checkout#3";
    private static final String INCIDENT = ROLLOUT + "#all";
    private static final String HOLD = ROLLOUT + "#hold:NOT_JUDGED";

    @Test
    void tellsTheStartOnceForEveryStateOfARunningRollout() {
        assertThat(of(RolloutStatus.PAUSED, false, Told.NOTHING))
                .contains(new Telling(ROLLOUT, Occasion.STARTED, ROLLOUT + "#started", 9));
        assertThat(of(RolloutStatus.RUNNING, false, Told.NOTHING))
                .contains(new Telling(ROLLOUT, Occasion.STARTED, ROLLOUT + "#started", 9));
    }

    @Test
    void tellsAQuestionOncePerStage() {
        assertThat(of(RolloutStatus.RUNNING, true, Told.NOTHING))
                .contains(new Telling(ROLLOUT, Occasion.ASKED, ROLLOUT + "#asked:1", 9));
    }

    @Test
    void tellsTheEnd() {
        assertThat(of(RolloutStatus.COMPLETED, true, Told.NOTHING))
                .containsExactly(new Telling(ROLLOUT, Occasion.COMPLETED, ROLLOUT + "#completed", 9));
    }

    @ParameterizedTest
    @EnumSource(
            value = RolloutStatus.class,
            names = {"DRAFT", "SCHEDULED", "ROLLED_BACK"})
    void leavesARollbackToItsIncidentAndTheRestUntold(RolloutStatus status) {
        assertThat(of(status, true, Told.NOTHING)).isEmpty();
    }

    @Test
    void tellsThatItWaitsForAnApprovalAndThatItIsCancelled() {
        assertThat(of(RolloutStatus.AWAITING_APPROVAL, false, Told.NOTHING))
                .containsExactly(new Telling(ROLLOUT, Occasion.AWAITING_APPROVAL, ROLLOUT + "#awaiting-approval", 9));
        assertThat(of(RolloutStatus.CANCELLED, false, Told.NOTHING))
                .containsExactly(new Telling(ROLLOUT, Occasion.CANCELLED, ROLLOUT + "#cancelled", 9));
    }

    @Test
    void tellsEachStageOnceButNotTheFirst() {
        assertThat(of(RolloutStatus.RUNNING, false, Told.NOTHING))
                .contains(new Telling(ROLLOUT, Occasion.ADVANCED, ROLLOUT + "#advanced:1", 9));
    }

    @Test
    void tellsEachPauseAndItsEndOnceWhateverIsSaidAgain() {
        Told paused = new Told(Map.of(Occasion.PAUSED, 8L));
        Told pausedLater = new Told(Map.of(Occasion.PAUSED, 10L));
        Told over = new Told(Map.of(Occasion.PAUSED, 7L, Occasion.RESUMED, 8L));
        Told overLater = new Told(Map.of(Occasion.PAUSED, 7L, Occasion.RESUMED, 12L));

        assertThat(occasions(RolloutStatus.PAUSED, Told.NOTHING)).contains(Occasion.PAUSED);
        assertThat(occasions(RolloutStatus.PAUSED, paused)).doesNotContain(Occasion.PAUSED);
        assertThat(occasions(RolloutStatus.PAUSED, over)).contains(Occasion.PAUSED);
        assertThat(occasions(RolloutStatus.PAUSED, overLater)).doesNotContain(Occasion.PAUSED);
        assertThat(occasions(RolloutStatus.RUNNING, paused)).contains(Occasion.RESUMED);
        assertThat(occasions(RolloutStatus.RUNNING, pausedLater)).doesNotContain(Occasion.RESUMED);
        assertThat(occasions(RolloutStatus.RUNNING, Told.NOTHING)).doesNotContain(Occasion.RESUMED);
    }

    @Test
    void tellsWhoIsOnItAndThatItIsOverToThoseWhoWereTold() {
        Incident acknowledged = Samples.acknowledged(incident(Incident.Status.CONFIRMED), "ada");
        Incident resolved = incident(Incident.Status.RESOLVED);

        assertThat(TellingDecider.of(acknowledged, Told.NOTHING, NOON))
                .extracting(Telling::occasion)
                .containsExactly(Occasion.ROLLED_BACK, Occasion.ACKNOWLEDGED);
        assertThat(TellingDecider.of(resolved, Told.of(EnumSet.of(Occasion.ROLLED_BACK)), NOON))
                .containsExactly(new Telling(INCIDENT, Occasion.RESOLVED, INCIDENT + "#resolved", 2));
        assertThat(TellingDecider.of(resolved, Told.NOTHING, NOON)).isEmpty();
    }

    @Test
    void doesNotTellHistory() {
        assertThat(TellingDecider.of(
                        Samples.rollout(RolloutStatus.RUNNING, true), Told.NOTHING, NOON.plus(TellingDecider.NEWS)))
                .isEmpty();
        assertThat(TellingDecider.of(incident(Incident.Status.CONFIRMED), Told.NOTHING, NOON.plus(TellingDecider.NEWS)))
                .isEmpty();
    }

    @Test
    void tellsARollbackWhenTheEdgesConfirmIt() {
        assertThat(TellingDecider.of(incident(Incident.Status.OPEN), Told.NOTHING, NOON))
                .isEmpty();
        assertThat(TellingDecider.of(incident(Incident.Status.CONFIRMED), Told.NOTHING, NOON))
                .contains(new Telling(INCIDENT, Occasion.ROLLED_BACK, INCIDENT + "#rolled-back", 2));
    }

    @Test
    void tellsThatItIsNotConfirmedAndThatItIsAfterAll() {
        assertThat(TellingDecider.of(incident(Incident.Status.UNCONFIRMED), Told.NOTHING, NOON))
                .contains(new Telling(INCIDENT, Occasion.UNCONFIRMED, INCIDENT + "#unconfirmed", 2));
        assertThat(TellingDecider.of(
                        incident(Incident.Status.CONFIRMED), Told.of(EnumSet.of(Occasion.UNCONFIRMED)), NOON))
                .contains(new Telling(INCIDENT, Occasion.CONFIRMED_LATE, INCIDENT + "#confirmed-late", 2));
    }

    @Test
    void doesNotDoubtWhatWasToldAsDone() {
        assertThat(TellingDecider.of(
                        incident(Incident.Status.UNCONFIRMED), Told.of(EnumSet.of(Occasion.ROLLED_BACK)), NOON))
                .isEmpty();
    }

    @Test
    void tellsAHoldOncePerEpisodeAndThatItIsOver() {
        assertThat(TellingDecider.of(hold(Incident.Status.OPEN, 1, 1), Told.NOTHING, NOON))
                .contains(new Telling(HOLD, Occasion.HELD, HOLD + "#held:1", 1));
        assertThat(TellingDecider.of(hold(Incident.Status.HEALED, 1, 2), Told.of(EnumSet.of(Occasion.HELD)), NOON))
                .contains(new Telling(HOLD, Occasion.HEALED, HOLD + "#healed:1", 2));
        assertThat(TellingDecider.of(hold(Incident.Status.OPEN, 2, 3), Told.of(EnumSet.allOf(Occasion.class)), NOON))
                .contains(new Telling(HOLD, Occasion.HELD, HOLD + "#held:2", 3));
    }

    @Test
    void doesNotTellThatSomethingIsOverWhichNobodyWasToldOf() {
        assertThat(TellingDecider.of(hold(Incident.Status.HEALED, 1, 2), Told.NOTHING, NOON))
                .isEmpty();
        assertThat(TellingDecider.of(hold(Incident.Status.RESOLVED, 1, 2), Told.NOTHING, NOON))
                .isEmpty();
    }

    private static List<Telling> of(RolloutStatus status, boolean asked, Told told) {
        return TellingDecider.of(Samples.rollout(status, asked), told, NOON);
    }

    private static List<Occasion> occasions(RolloutStatus status, Told told) {
        return of(status, false, told).stream().map(Telling::occasion).toList();
    }

    private static Incident hold(Incident.Status status, int episode, long version) {
        return Samples.hold(status, "NOT_JUDGED", episode, version, Samples.FLAG, List.of("checkout-oncall"), NOON);
    }

    private static Incident incident(Incident.Status status) {
        return Samples.incident(status, Samples.breach(Samples.FLAG, NOON), List.of("edge-a"));
    }
}
