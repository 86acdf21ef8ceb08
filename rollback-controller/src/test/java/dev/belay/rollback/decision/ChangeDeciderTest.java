// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollback.decision;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.belay.contracts.rollbacks.Incident;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.rollouts.RolloutStatus;
import dev.belay.contracts.verdicts.Decision;
import dev.belay.contracts.verdicts.Reason;
import org.junit.jupiter.api.Test;

import static dev.belay.rollback.decision.Samples.NOON;
import static org.assertj.core.api.Assertions.assertThat;

class ChangeDeciderTest {
    private static final RolloutState RUNNING = Samples.running(3, NOON);
    private static final RolloutState FINISHED = Samples.in(RolloutStatus.COMPLETED, RUNNING);

    private final Map<String, Incident> known = new HashMap<>();

    @Test
    void aChangeOfAFinishedRolloutIsToldOnceAndTheNextOneAgain() {
        List<Incident> first = look(FINISHED, NOON.plusSeconds(60), Reason.CHANGED);
        assertThat(first).singleElement().satisfies(incident -> {
            assertThat(incident.id()).isEqualTo("shop/production/new-checkout#3#hold:guardrail-notifies.conversion");
            assertThat(incident.status()).isEqualTo(Incident.Status.OPEN);
            assertThat(incident.rollback()).isNull();
            assertThat(incident.tell()).containsExactly("checkout-oncall");
        });
        assertThat(look(FINISHED, NOON.plusSeconds(60), Reason.CHANGED)).isEmpty();

        assertThat(look(FINISHED, NOON.plusSeconds(90), Reason.CHANGED))
                .singleElement()
                .satisfies(incident -> {
                    assertThat(incident.version()).isEqualTo(2);
                    assertThat(incident.hold().episode()).isEqualTo(2);
                });
    }

    @Test
    void nothingIsToldOfARunningRolloutOrForAnotherReason() {
        assertThat(look(RUNNING, NOON, Reason.CHANGED)).isEmpty();
        assertThat(look(Samples.in(RolloutStatus.ROLLED_BACK, RUNNING), NOON, Reason.CHANGED))
                .isEmpty();
        assertThat(look(FINISHED, NOON, Reason.STALE)).isEmpty();
        assertThat(look(Samples.in(RolloutStatus.COMPLETED, Samples.running(4, NOON)), NOON, Reason.CHANGED))
                .isEmpty();
    }

    private List<Incident> look(RolloutState rollout, Instant at, Reason reason) {
        Heard heard = new Heard(Samples.said(Decision.UNDECIDED, at, reason), at);
        List<Incident> all = ChangeDecider.look(rollout, List.of(heard), known, at);
        all.forEach(incident -> known.put(incident.id(), incident));
        return all;
    }
}
