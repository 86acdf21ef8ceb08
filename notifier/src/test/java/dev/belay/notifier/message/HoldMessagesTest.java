// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.message;

import java.util.List;

import dev.belay.contracts.Json;
import dev.belay.contracts.rollbacks.Hold;
import dev.belay.contracts.rollbacks.Incident;
import dev.belay.contracts.verdicts.Reason;
import dev.belay.notifier.Samples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

class HoldMessagesTest {
    private static final Surroundings NOTHING = new Surroundings(null, null);

    @Test
    void saysWhatIsWrongAndThatNothingWasRolledBack() {
        String message = Json.write(HoldMessages.held(hold(Incident.Status.OPEN, "NOT_JOINED"), NOTHING));

        assertThat(message)
                .contains("Outcomes do not join: new-checkout")
                .contains("0 % of 412 purchase outcomes joined a user who saw the flag; example id user:&lt;7&gt;")
                .contains("All raises hold; nothing was rolled back")
                .contains("stage quarter", "guardrails conversion", "checkout-team");
    }

    @Test
    void aWatcherThatIsSilentIsAnAlarm() {
        SlackMessage message = HoldMessages.held(hold(Incident.Status.OPEN, Hold.NOT_JUDGED), NOTHING);

        assertThat(message.text()).startsWith("Not judged: new-checkout.");
        assertThat(Json.write(message)).contains("🚨", "look at metrics-watcher");
    }

    @Test
    void saysHowLongItLasted() {
        SlackMessage message = HoldMessages.healed(hold(Incident.Status.HEALED, Hold.NOT_JUDGED), NOTHING);

        assertThat(message.text()).startsWith("Over after 90 s: Not judged: new-checkout.");
    }

    @ParameterizedTest
    @EnumSource(
            value = Reason.class,
            names = {
                "NO_DATA",
                "STALE",
                "SAMPLE_RATIO_MISMATCH",
                "METRIC_SILENT",
                "CONTROL_FELL",
                "CONTAMINATED",
                "LATENESS",
                "NOT_JOINED",
                "ERROR"
            })
    void everyCauseHasATitleForPeople(Reason reason) {
        SlackMessage message = HoldMessages.held(hold(Incident.Status.OPEN, reason.name()), NOTHING);

        assertThat(message.text()).doesNotContain(reason.name()).contains(": new-checkout");
    }

    private static Incident hold(Incident.Status status, String cause) {
        return Samples.hold(status, cause, 1, 1, Samples.FLAG, List.of("checkout-oncall"), Samples.NOON);
    }
}
