// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.message;

import java.util.List;

import dev.belay.contracts.Json;
import dev.belay.contracts.rollbacks.Hold;
import dev.belay.contracts.rollbacks.Incident;
import dev.belay.contracts.verdicts.Decision;
import dev.belay.contracts.verdicts.Reason;
import dev.belay.notifier.Samples;
import dev.belay.notifier.decision.Occasion;
import dev.belay.notifier.decision.Severity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

class HoldMessagesTest {
    private static final Surroundings NOTHING = new Surroundings(null, List.of(), null);

    @Test
    void saysWhatIsWrongAndThatNothingWasRolledBack() {
        assertThat(BlockKit.lines(HoldMessages.held(hold(Incident.Status.OPEN, "NOT_JOINED"), NOTHING)))
                .containsExactly(
                        "❔ Outcomes do not join: new-checkout",
                        "0 % of 412 purchase outcomes joined a user who saw the flag; example id user:&lt;7&gt;.\n"
                                + "*All raises hold; nothing was rolled back.* *conversion is NOT being watched.*"
                                + " Whoever has the treatment keeps it.\n"
                                + "Look whether outcomes carry the same user id as the flag's evaluations.",
                        "shop / production · stage quarter · since 11:59:00 UTC · epoch 3 · guardrails conversion"
                                + " · @checkout-team");
    }

    @Test
    void saysWhatIsWatchedAllTheSameWhereThatIsKnown() {
        Surroundings known = new Surroundings(
                null,
                List.of(
                        Samples.beside("errors", null, Decision.HEALTHY, 1.0),
                        Samples.beside("payments", null, Decision.UNDECIDED, 1.0),
                        Samples.beside("latency", null, Decision.NOT_APPLICABLE, 1.0)),
                null);

        assertThat(BlockKit.lines(HoldMessages.held(hold(Incident.Status.OPEN, "METRIC_SILENT"), known)))
                .anyMatch(line -> line.contains("*conversion is NOT being watched; errors, payments are.*"));
    }

    @Test
    void aWatcherThatIsSilentIsAnAlarm() {
        Notice notice = HoldMessages.held(hold(Incident.Status.OPEN, Hold.NOT_JUDGED), NOTHING);

        assertThat(notice.title()).isEqualTo("Not judged: new-checkout");
        assertThat(notice.severity()).isEqualTo(Severity.CRITICAL);
        assertThat(Json.write(notice)).contains("🚨", "look at metrics-watcher");
    }

    @Test
    void saysHowLongItLasted() {
        Notice notice = HoldMessages.healed(hold(Incident.Status.HEALED, Hold.NOT_JUDGED), NOTHING);

        assertThat(notice.title()).isEqualTo("Over after 90 s: Not judged: new-checkout");
    }

    @Test
    void aPersonOnItOrDoneWithItIsTold() {
        Incident hold = hold(Incident.Status.OPEN, Hold.NOT_JUDGED);

        assertThat(BlockKit.lines(
                        IncidentNotices.of(Occasion.ACKNOWLEDGED, Samples.acknowledged(hold, "ada"), NOTHING)))
                .contains("👀 Acknowledged: Not judged: new-checkout")
                .anyMatch(line -> line.startsWith("*ada is on it*"));
        assertThat(BlockKit.lines(IncidentNotices.of(Occasion.RESOLVED, hold, NOTHING)))
                .contains("✅ Resolved after 90 s: Not judged: new-checkout");
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
        Notice notice = HoldMessages.held(hold(Incident.Status.OPEN, reason.name()), NOTHING);

        assertThat(notice.title()).doesNotContain(reason.name()).contains(": new-checkout");
    }

    private static Incident hold(Incident.Status status, String cause) {
        return Samples.hold(status, cause, 1, 1, Samples.FLAG, List.of("checkout-oncall"), Samples.NOON);
    }
}
