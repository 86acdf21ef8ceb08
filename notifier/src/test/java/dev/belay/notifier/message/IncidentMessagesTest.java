// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.message;

import java.net.URI;
import java.util.List;

import dev.belay.contracts.Json;
import dev.belay.contracts.rollbacks.Incident;
import dev.belay.contracts.rollbacks.RollbackTarget;
import dev.belay.contracts.rollouts.RolloutStatus;
import dev.belay.notifier.Samples;
import org.junit.jupiter.api.Test;

import static dev.belay.notifier.Samples.NOON;
import static org.assertj.core.api.Assertions.assertThat;

class IncidentMessagesTest {
    private static final Surroundings KNOWN = new Surroundings(
            Samples.rollout(RolloutStatus.RUNNING, false), URI.create("https://belay.example/console/"));
    private static final Surroundings UNKNOWN = new Surroundings(null, null);

    private final Incident breach = Samples.confirmed(Samples.breach(Samples.FLAG, NOON));

    @Test
    void aRollbackIsToldWithItsNumbers() {
        assertThat(BlockKit.lines(IncidentMessages.rolledBack(breach, KNOWN)))
                .containsExactly(
                        "⏪ Rolled back: new-checkout",
                        "*Checkout conversion is down 27 %* against control (limit 20 %). Everyone is back on the old"
                                + " version since *12:00:00 UTC*. Off on 2 of 2 edges after 0.8 s. *Nothing left to"
                                + " switch off.*",
                        "*Control*\n720 of 18,000 = 4.00 %",
                        "*Treatment on*\n175 of 6,000 = 2.92 %",
                        "*Change*\n−27 % (95 %: −45 … −4 %)",
                        "*Harm proven*\n198:1, acts at 100:1",
                        "*Users affected*\n6,100 saw the treatment",
                        "*Confirmed*\noff on 2 of 2 edges after 0.8 s",
                        "shop / production · stage quarter 25 % · epoch 3 · template autorollout-on-conversion@3"
                                + " · started by ada · @checkout-team",
                        "Open incident");
    }

    @Test
    void theTextOfTheNotificationSaysItInOneLine() {
        assertThat(IncidentMessages.rolledBack(breach, KNOWN).text())
                .isEqualTo("Rolled back: new-checkout. Checkout conversion is down 27 % against control (limit 20 %).");
    }

    @Test
    void linksToTheIncidentInTheConsole() {
        assertThat(Json.write(IncidentMessages.rolledBack(breach, KNOWN)))
                .contains("https://belay.example/console/incidents/shop%2Fproduction%2Fnew-checkout%233%23all");
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
                                + " *12:00:00 UTC*. Off on 2 of 2 edges after 0.3 s. *Nothing left to switch off.*");
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
                        "*Confirmed by only 1 of 2 edges* 12 s after the decision. They may still serve it: edge-b."
                                + " *Look at these edges now.*\n*Checkout conversion is down 27 %* against control"
                                + " (limit 20 %). Everyone is back on the old version since *12:00:00 UTC*.");
    }

    @Test
    void aLateConfirmationIsShort() {
        assertThat(BlockKit.lines(IncidentMessages.confirmedLate(breach, KNOWN)))
                .hasSize(3)
                .contains("✅ Now off everywhere: new-checkout");
    }

    @Test
    void aLongReasonIsCutAndStillAccepted() {
        Incident kill = Samples.confirmed(Samples.byHand(RollbackTarget.KILL, "x".repeat(5000)));

        BlockKit.requireValid(IncidentMessages.rolledBack(kill, KNOWN));
    }
}
