// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.decision;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

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
        assertThat(TellingDecider.of(Samples.rollout(RolloutStatus.RUNNING, false), NOON))
                .isEqualTo(TellingDecider.of(Samples.rollout(RolloutStatus.PAUSED, false), NOON))
                .containsExactly(new Telling(ROLLOUT, Occasion.STARTED, ROLLOUT + "#started"));
    }

    @Test
    void tellsAQuestionOncePerStage() {
        assertThat(TellingDecider.of(Samples.rollout(RolloutStatus.RUNNING, true), NOON))
                .contains(new Telling(ROLLOUT, Occasion.ASKED, ROLLOUT + "#asked:1"));
    }

    @Test
    void tellsTheEnd() {
        assertThat(TellingDecider.of(Samples.rollout(RolloutStatus.COMPLETED, true), NOON))
                .containsExactly(new Telling(ROLLOUT, Occasion.COMPLETED, ROLLOUT + "#completed"));
    }

    @ParameterizedTest
    @EnumSource(
            value = RolloutStatus.class,
            names = {"DRAFT", "AWAITING_APPROVAL", "SCHEDULED", "ROLLED_BACK", "CANCELLED"})
    void leavesARollbackToItsIncidentAndTheRestUntold(RolloutStatus status) {
        assertThat(TellingDecider.of(Samples.rollout(status, true), NOON)).isEmpty();
    }

    @Test
    void doesNotTellHistory() {
        assertThat(TellingDecider.of(Samples.rollout(RolloutStatus.RUNNING, true), NOON.plus(TellingDecider.NEWS)))
                .isEmpty();
        assertThat(TellingDecider.of(incident(Incident.Status.CONFIRMED), Set.of(), NOON.plus(TellingDecider.NEWS)))
                .isEmpty();
    }

    @Test
    void tellsARollbackWhenTheEdgesConfirmIt() {
        assertThat(TellingDecider.of(incident(Incident.Status.OPEN), Set.of(), NOON))
                .isEmpty();
        assertThat(TellingDecider.of(incident(Incident.Status.CONFIRMED), Set.of(), NOON))
                .contains(new Telling(INCIDENT, Occasion.ROLLED_BACK, INCIDENT + "#rolled-back"));
    }

    @Test
    void tellsThatItIsNotConfirmedAndThatItIsAfterAll() {
        assertThat(TellingDecider.of(incident(Incident.Status.UNCONFIRMED), Set.of(), NOON))
                .contains(new Telling(INCIDENT, Occasion.UNCONFIRMED, INCIDENT + "#unconfirmed"));
        assertThat(TellingDecider.of(incident(Incident.Status.CONFIRMED), EnumSet.of(Occasion.UNCONFIRMED), NOON))
                .contains(new Telling(INCIDENT, Occasion.CONFIRMED_LATE, INCIDENT + "#confirmed-late"));
    }

    @Test
    void doesNotDoubtWhatWasToldAsDone() {
        assertThat(TellingDecider.of(incident(Incident.Status.UNCONFIRMED), EnumSet.of(Occasion.ROLLED_BACK), NOON))
                .isEmpty();
    }

    @Test
    void tellsAHoldOncePerEpisodeAndThatItIsOver() {
        assertThat(TellingDecider.of(hold(Incident.Status.OPEN, 1, 1), Set.of(), NOON))
                .contains(new Telling(HOLD, Occasion.HELD, HOLD + "#held:1"));
        assertThat(TellingDecider.of(hold(Incident.Status.HEALED, 1, 2), EnumSet.of(Occasion.HELD), NOON))
                .contains(new Telling(HOLD, Occasion.HEALED, HOLD + "#healed:1"));
        assertThat(TellingDecider.of(hold(Incident.Status.OPEN, 2, 3), EnumSet.allOf(Occasion.class), NOON))
                .contains(new Telling(HOLD, Occasion.HELD, HOLD + "#held:2"));
    }

    @Test
    void doesNotTellThatSomethingIsOverWhichNobodyWasToldOf() {
        assertThat(TellingDecider.of(hold(Incident.Status.HEALED, 1, 2), Set.of(), NOON))
                .isEmpty();
        assertThat(TellingDecider.of(hold(Incident.Status.RESOLVED, 1, 2), EnumSet.of(Occasion.HELD), NOON))
                .isEmpty();
    }

    private static Incident hold(Incident.Status status, int episode, long version) {
        return Samples.hold(status, "NOT_JUDGED", episode, version, Samples.FLAG, List.of("checkout-oncall"), NOON);
    }

    private static Incident incident(Incident.Status status) {
        return Samples.incident(status, Samples.breach(Samples.FLAG, NOON), List.of("edge-a"));
    }
}
