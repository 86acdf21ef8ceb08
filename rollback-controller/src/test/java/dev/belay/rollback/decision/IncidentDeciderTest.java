// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollback.decision;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

import dev.belay.contracts.rollbacks.Chain;
import dev.belay.contracts.rollbacks.Incident;
import dev.belay.contracts.served.Served;
import org.junit.jupiter.api.Test;

import static dev.belay.rollback.decision.Samples.NOON;
import static dev.belay.rollback.decision.Samples.rollback;
import static dev.belay.rollback.decision.Samples.served;
import static org.assertj.core.api.Assertions.assertThat;

class IncidentDeciderTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Instant SOON = NOON.plusMillis(300);
    private static final List<String> OUT = List.of("all");

    private final Incident opened = IncidentDecider.open(rollback(), null, null, List.of(), Set.of("a", "b"), NOON);

    @Test
    void isConfirmedWhenTheLastLiveEdgeServesIt() {
        Incident one = IncidentDecider.onServed(opened, served("a", 3, OUT, NOON.plusMillis(80)), SOON)
                .orElseThrow();
        Incident both = IncidentDecider.onServed(one, served("b", 3, OUT, NOON.plusMillis(90)), SOON)
                .orElseThrow();

        assertThat(one.status()).isEqualTo(Incident.Status.OPEN);
        assertThat(both.status()).isEqualTo(Incident.Status.CONFIRMED);
        assertThat(both.confirmed()).containsExactly("a", "b");
        assertThat(both.evidenceToOffMillis()).isEqualTo(210);
    }

    @Test
    void isNotConfirmedByAnEdgeThatStillServesTheTreatment() {
        assertThat(IncidentDecider.onServed(opened, served("a", 2, OUT, SOON), SOON))
                .isEmpty();
        assertThat(IncidentDecider.onServed(opened, served("a", 3, List.of("variant:x"), SOON), SOON))
                .isEmpty();
    }

    @Test
    void changesNothingWhenAnEdgeRepeatsItself() {
        Incident one = IncidentDecider.onServed(opened, served("a", 3, OUT, SOON), SOON)
                .orElseThrow();

        assertThat(IncidentDecider.onServed(one, served("a", 3, OUT, SOON), SOON))
                .isEmpty();
    }

    @Test
    void isUnconfirmedAfterTenSecondsAndHealsWhenTheEdgeComesBack() {
        Incident one = IncidentDecider.onServed(opened, served("a", 3, OUT, SOON), SOON)
                .orElseThrow();

        assertThat(IncidentDecider.onTick(one, PATIENCE, NOON.plusSeconds(10))).isEmpty();
        Incident late =
                IncidentDecider.onTick(one, PATIENCE, NOON.plusMillis(10_001)).orElseThrow();
        Incident healed = IncidentDecider.onServed(
                        late, served("b", 3, OUT, NOON.plusSeconds(30)), NOON.plusSeconds(30))
                .orElseThrow();

        assertThat(late.status()).isEqualTo(Incident.Status.UNCONFIRMED);
        assertThat(IncidentDecider.onTick(late, PATIENCE, NOON.plusSeconds(20))).isEmpty();
        assertThat(healed.status()).isEqualTo(Incident.Status.CONFIRMED);
        assertThat(healed.version()).isEqualTo(late.version() + 1);
    }

    @Test
    void isConfirmedAtOnceWhenEveryLiveEdgeServesItAlready() {
        Incident incident =
                IncidentDecider.open(rollback(), null, null, List.of(served("a", 3, OUT, NOON)), Set.of("a"), SOON);

        assertThat(incident.status()).isEqualTo(Incident.Status.CONFIRMED);
    }

    @Test
    void saysHowLongEachStepTook() {
        Incident timed = IncidentDecider.open(rollback(), NOON.plusMillis(15), null, List.of(), Set.of("a", "b"), NOON);
        Incident one = IncidentDecider.onServed(timed, last(served("a", 3, OUT, NOON.plusMillis(80)), 60), SOON)
                .orElseThrow();
        Incident both = IncidentDecider.onServed(one, last(served("b", 3, OUT, NOON.plusMillis(90)), 75), SOON)
                .orElseThrow();

        assertThat(timed.chain()).isEqualTo(new Chain(120L, 135L, null, null, null));
        assertThat(one.chain()).isEqualTo(new Chain(120L, 135L, 200L, null, 180L));
        assertThat(both.chain()).isEqualTo(new Chain(120L, 135L, 200L, 210L, 195L));
    }

    @Test
    void clockOfAnEdgeThatIsAheadDoesNotMakeItLate() {
        Served ahead = served("a", 3, OUT, NOON.plusSeconds(3_600));
        Incident one = IncidentDecider.open(rollback(), null, null, List.of(ahead), Set.of("a"), SOON);

        assertThat(one.evidenceToOffMillis()).isEqualTo(420);
        assertThat(one.chain().lastOff()).isEqualTo(420);
    }

    @Test
    void countsAKillAsTakingOutTheRollout() {
        assertThat(IncidentDecider.onServed(opened, served("a", 4, List.of("kill"), SOON), SOON))
                .isPresent();
    }

    @Test
    void isResolvedOnceAndThenStays() {
        Incident resolved = IncidentDecider.onResolved(opened, "ada", SOON).orElseThrow();

        assertThat(resolved.status()).isEqualTo(Incident.Status.RESOLVED);
        assertThat(IncidentDecider.onResolved(resolved, "bob", SOON)).isEmpty();
        assertThat(IncidentDecider.onAcknowledged(resolved, "bob", SOON)).isEmpty();
        assertThat(IncidentDecider.onServed(resolved, served("a", 3, OUT, SOON), SOON))
                .isEmpty();
    }

    /** An edge that served the treatment for the last time so many milliseconds after noon. */
    private static Served last(Served of, long millis) {
        return new Served(
                of.edge(),
                of.project(),
                of.environment(),
                of.flag(),
                of.definition(),
                of.epoch(),
                of.rollout(),
                of.out(),
                of.outEpoch(),
                NOON.plusMillis(millis),
                of.at());
    }
}
