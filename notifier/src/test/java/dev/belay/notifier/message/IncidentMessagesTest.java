// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.message;

import java.net.URI;
import java.util.List;

import dev.belay.contracts.Json;
import dev.belay.contracts.rollbacks.Incident;
import dev.belay.contracts.rollbacks.RollbackTarget;
import dev.belay.contracts.rollouts.RolloutStatus;
import dev.belay.contracts.verdicts.Decision;
import dev.belay.notifier.Samples;
import dev.belay.notifier.decision.Occasion;
import org.junit.jupiter.api.Test;

import static dev.belay.notifier.Samples.NOON;
import static org.assertj.core.api.Assertions.assertThat;

class IncidentMessagesTest {
    private static final Surroundings KNOWN = new Surroundings(
            Samples.rollout(RolloutStatus.RUNNING, false),
            List.of(
                    Samples.beside("sentry-errors", null, Decision.HEALTHY, 1.04),
                    Samples.beside("latency", null, Decision.BREACHED, 1.4),
                    Samples.beside("conversion", "country=UK", Decision.UNDECIDED, 0.6),
                    Samples.beside("conversion", "country=US", Decision.UNDECIDED, 1.1)),
            URI.create("https://belay.example/console/"));
    private static final Surroundings UNKNOWN = new Surroundings(null, List.of(), null);

    private final Incident breach = Samples.confirmed(Samples.breach(Samples.FLAG, NOON));

    @Test
    void aRollbackIsToldWithItsNumbers() {
        assertThat(BlockKit.lines(IncidentMessages.rolledBack(breach, KNOWN)))
                .containsExactly(
                        "⏪ Rolled back: new-checkout",
                        "*Checkout conversion is down 27 %* against control (limit 20 %). Everyone is back on the old"
                                + " version since *12:00:00 UTC*, confirmed on 2/2 edges in 0.8 s. *Nothing to switch"
                                + " off.*",
                        "shop / production · stage quarter 25 % since 10:00:00 UTC · control 720/18,000 = 4.00 %"
                                + " · on 175/6,000 = 2.92 % · 6,100 saw it · sentry-errors +4 %: no sign of harm",
                        "interval −45 … −4 % · harm proven 198:1 (acts at 100:1) · worst: country=UK −40 % · epoch 3"
                                + " · template autorollout-on-conversion@3 · started by ada · @checkout-team",
                        "Open incident");
    }

    @Test
    void theNotificationSaysItInOneLine() {
        assertThat(IncidentMessages.rolledBack(breach, KNOWN).summary())
                .startsWith(
                        "Rolled back: new-checkout. Checkout conversion is down 27 % against control (limit 20 %).");
    }

    @Test
    void linksToTheIncidentInTheConsole() {
        assertThat(Json.write(IncidentMessages.rolledBack(breach, KNOWN)))
                .contains("https://belay.example/console/incidents/shop%2Fproduction%2Fnew-checkout%233%23all");
    }

    @Test
    void whoIsOnItIsTold() {
        assertThat(BlockKit.lines(
                        IncidentNotices.of(Occasion.ACKNOWLEDGED, Samples.acknowledged(breach, "ada"), UNKNOWN)))
                .contains("👀 Acknowledged: new-checkout")
                .anyMatch(line -> line.startsWith("*ada is on it*. *checkout-conversion is down 27 %*"));
    }

    @Test
    void isToldWithoutTheRolloutToo() {
        assertThat(BlockKit.lines(IncidentMessages.rolledBack(breach, UNKNOWN)))
                .contains("⏪ Rolled back: new-checkout")
                .anyMatch(line -> line.startsWith("*checkout-conversion is down 27 %*"))
                .doesNotContain("Open incident");
    }

    @Test
    void aKillSaysWhoAndWhy() {
        Incident kill = Samples.confirmed(Samples.byHand(RollbackTarget.KILL, "payments <fail> & burn"));

        assertThat(BlockKit.lines(IncidentMessages.rolledBack(kill, KNOWN)).subList(0, 2))
                .containsExactly(
                        "🛑 Killed: new-checkout",
                        "*ada killed it*: payments &lt;fail&gt; &amp; burn. Everyone gets the off variant since"
                                + " *12:00:00 UTC*, confirmed on 2/2 edges in 0.3 s. *Nothing to switch off.*");
    }

    @Test
    void aPartSaysWhichPart() {
        Incident part = Samples.confirmed(Samples.byHand(RollbackTarget.segment("country", "UK"), "slow there"));

        assertThat(BlockKit.lines(IncidentMessages.rolledBack(part, KNOWN)))
                .contains("⏪ Rolled back: new-checkout, country = UK")
                .anyMatch(line -> line.contains("Everyone with country = UK is back on the old version"));
    }

    @Test
    void aPageNamesTheEdgesThatAreMissing() {
        Incident late =
                Samples.incident(Incident.Status.UNCONFIRMED, Samples.breach(Samples.FLAG, NOON), List.of("edge-a"));

        assertThat(BlockKit.lines(IncidentMessages.unconfirmed(late, KNOWN)).subList(0, 2))
                .containsExactly(
                        "🚨 Rolled back: new-checkout, not confirmed by every edge",
                        "*Only 1 of 2 edges confirmed* 12 s after the decision. They may still serve it: edge-b."
                                + " *Look at these edges now.*\n*Checkout conversion is down 27 %* against control"
                                + " (limit 20 %). Everyone is back on the old version since *12:00:00 UTC*.");
    }

    @Test
    void aLateConfirmationSaysThatNothingIsLeftToDo() {
        assertThat(BlockKit.lines(IncidentMessages.confirmedLate(breach, KNOWN)))
                .contains("✅ Now off everywhere: new-checkout")
                .anyMatch(line -> line.startsWith("Every edge serves it now: 2/2 edges after 0.8 s."));
    }

    @Test
    void aLongReasonIsCutAndStillAccepted() {
        Incident kill = Samples.confirmed(Samples.byHand(RollbackTarget.KILL, "x&".repeat(5000)));

        BlockKit.requireValid(SlackMessage.of(IncidentMessages.rolledBack(kill, KNOWN)));
        BlockKit.requireValid(SlackMessage.of(IncidentMessages.rolledBack(kill, KNOWN), true));
    }

    @Test
    void aNoticeIsReadBackAsItWasKept() {
        Notice notice = IncidentMessages.rolledBack(breach, KNOWN);

        assertThat(Json.read(Json.write(notice), Notice.class)).isEqualTo(notice);
    }
}
