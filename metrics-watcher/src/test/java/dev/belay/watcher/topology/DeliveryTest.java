// SPDX-License-Identifier: Apache-2.0
package dev.belay.watcher.topology;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import dev.belay.contracts.Json;
import dev.belay.contracts.Topics;
import dev.belay.contracts.events.Exposure;
import dev.belay.contracts.rollouts.Clause;
import dev.belay.contracts.rollouts.RolloutStatus;
import dev.belay.contracts.verdicts.Counts;
import dev.belay.contracts.verdicts.Evidence;
import dev.belay.contracts.verdicts.Reason;
import dev.belay.contracts.verdicts.Verdict;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What may happen to records on their way. */
class DeliveryTest {
    @Test
    void recordThatCannotBeReadIsPutAwayAndDelaysNobody() {
        try (Watched watched = half()) {
            watched.driver()
                    .createInputTopic(Topics.EXPOSURES.name(), new StringSerializer(), new StringSerializer())
                    .pipeInput("shop/production/user:eve", "{\"id\":1");
            watched.feed(watched.exposure("ann", Clause.REST, 0.9, "off", watched.now()));
            watched.feed(watched.exposure("bob", Clause.REST, 0.1, "on", watched.now()));

            assertThat(watched.drain("conversion").control().exposed()).isEqualTo(1);
            assertThat(watched.unreadable()).hasSize(1);
            assertThat(watched.unreadable().get(0)).contains(Topics.EXPOSURES.name());
        }
    }

    @Test
    void recordOfAForeignPartitionerOrKeyStartsAgainWhereItsUnitIs() {
        try (Watched watched = half()) {
            String exposure = Json.write(watched.exposure("ann", Clause.REST, 0.9, "off", watched.now()));
            watched.driver()
                    .createInputTopic(Topics.EXPOSURES.name(), new StringSerializer(), new StringSerializer())
                    .pipeInput("somebody-else", exposure);
            watched.feed(watched.exposure("bob", Clause.REST, 0.1, "on", watched.now()));

            assertThat(watched.drain("conversion").control().exposed()).isEqualTo(1);
            assertThat(watched.unreadable()).isEmpty();
        }
    }

    @Test
    void rolloutWithoutExposuresIsSaidToHaveNoDataAgainAndAgain() {
        try (Watched watched = half()) {
            for (int second = 0; second < 31; second++) {
                watched.pass(Duration.ofSeconds(1));
            }

            List<Verdict> verdicts = watched.verdicts();
            assertThat(verdicts).hasSizeBetween(2, 5);
            assertThat(verdicts).allMatch(verdict -> verdict.reasons().contains(Reason.NO_DATA));
        }
    }

    @Test
    void breachIsSaidAtOnceAndStaysSaid() {
        try (Watched watched = half()) {
            for (int i = 0; i < 3_000; i++) {
                boolean treated = i % 2 == 0;
                watched.feed(watched.exposure("u" + i, Clause.REST, null, treated ? "on" : "off", watched.now()));
                if (!treated && i % 3 == 0) {
                    watched.feed(watched.outcome("u" + i, Watched.PURCHASE, watched.now()));
                }
            }
            assertThat(watched.breach()).as("before any tick").isPresent();
            long said = watched.verdicts().size();
            watched.pass(Duration.ofSeconds(11));

            assertThat(watched.verdicts().size()).isGreaterThan((int) said);
            assertThat(watched.verdicts().get(watched.verdicts().size() - 1))
                    .isEqualTo(watched.breach().orElseThrow());
        }
    }

    @Test
    void unitsOfAStageWithoutControlAreTreatedButNotCompared() {
        try (Watched watched = new Watched()) {
            watched.start(Watched.plan(
                    List.of(Watched.segment("internal", null), Watched.percent(50, null)),
                    Watched.falls("conversion", 0.20)));
            watched.feed(watched.exposure("ann", "segment:internal", 0.3, "on", watched.now()));
            Evidence evidence = watched.drain("conversion");
            Verdict verdict = watched.verdicts().get(watched.verdicts().size() - 1);

            assertThat(evidence.treatment().exposed()).isZero();
            assertThat(verdict.treatedUnits()).isEqualTo(1);
            assertThat(verdict.reasons()).containsExactly(Reason.NO_CONTROL);
        }
    }

    @Test
    void recordsThatAreReadableAndImpossibleArePutAwayAndDelayNobody() {
        try (Watched watched = half()) {
            Exposure seen = watched.exposure("eve", Clause.REST, 0.9, "off", Instant.MIN);
            watched.feed(seen);
            watched.feed(watched.outcome("eve", "x".repeat(70_000), watched.now()));
            watched.feed(watched.exposure("ann", Clause.REST, 0.9, "off", watched.now()));
            watched.feed(watched.exposure("bob", Clause.REST, 0.1, "on", watched.now()));

            assertThat(watched.drain("conversion").control().exposed()).isEqualTo(1);
            assertThat(watched.unreadable()).hasSize(2);
        }
    }

    @Test
    void timesFromTheFutureAreThoseOfTheArrival() {
        try (Watched watched = half()) {
            Instant tomorrow = watched.now().plus(Duration.ofDays(2));
            watched.feedAsAppendedNow(watched.exposure("ann", Clause.REST, 0.9, "off", tomorrow));
            watched.feedAsAppendedNow(watched.exposure("bob", Clause.REST, 0.1, "on", watched.now()));
            watched.pass(Duration.ofSeconds(1));
            watched.feedAsAppendedNow(watched.outcome("ann", Watched.PURCHASE, watched.now()));
            watched.feedAsAppendedNow(watched.outcome("bob", Watched.PURCHASE, tomorrow));
            Evidence evidence = watched.drain("conversion");

            assertThat(evidence.control().events()).isEqualTo(1);
            assertThat(evidence.treatment().events()).isEqualTo(1);
        }
    }

    @Test
    void rolloutThatCannotBeJudgedIsPutAwayAndTheOneBeforeGoesOn() {
        try (Watched watched = half()) {
            String present = Json.write(watched.state());
            TestInputTopic<String, String> rollouts = watched.driver()
                    .createInputTopic(Topics.ROLLOUTS.name(), new StringSerializer(), new StringSerializer());
            rollouts.pipeInput(
                    Watched.FLAG.key(),
                    present.replace("\"version\":1,", "\"version\":2,").replace("\"stage\":0", "\"stage\":7"));
            watched.feed(watched.exposure("ann", Clause.REST, 0.9, "off", watched.now()));
            watched.feed(watched.exposure("bob", Clause.REST, 0.1, "on", watched.now()));

            assertThat(watched.drain("conversion").control().exposed()).isEqualTo(1);
            assertThat(watched.unreadable()).singleElement().asString().contains("stage must be one of the plan's");
        }
    }

    @Test
    void unitsWhosePlanNeverComesDoNotStandBeforeOthers() {
        try (Watched watched = half()) {
            Exposure known = watched.exposure("zoe", Clause.REST, 0.9, "off", watched.now());
            watched.restart();
            for (int i = 0; i < 2_500; i++) {
                watched.feed(ofEpoch(99, watched.exposure("u" + i, Clause.REST, 0.9, "off", watched.now())));
            }
            watched.feed(known);
            watched.tellRollouts();
            for (int i = 0; i < 4; i++) {
                watched.pass(Duration.ofMillis(200));
            }
            watched.feed(watched.exposure("bob", Clause.REST, 0.1, "on", watched.now()));

            assertThat(watched.drain("conversion").control().exposed()).isEqualTo(1);
        }
    }

    @Test
    void rolloutThatIsOverIsCountedAndSaysOnlyNews() {
        try (Watched watched = half()) {
            watched.feed(watched.exposure("ann", Clause.REST, 0.9, "off", watched.now()));
            watched.become(RolloutStatus.ROLLED_BACK);
            watched.pass(Duration.ofSeconds(1));
            long evidence = watched.evidenceSaid();
            long verdicts = watched.verdicts().size();
            for (int second = 0; second < 60; second++) {
                watched.pass(Duration.ofSeconds(1));
            }
            assertThat(watched.evidenceSaid()).isEqualTo(evidence);
            assertThat(watched.verdicts()).hasSize((int) verdicts);

            watched.feed(watched.exposure("bob", Clause.REST, 0.1, "on", watched.now()));
            assertThat(watched.drain("conversion").treatment().exposed()).isEqualTo(1);
        }
    }

    @Test
    void nextEpochBeginsAtNothingAndNothingOfThePastIsKept() {
        try (Watched watched = half()) {
            watched.feed(watched.exposure("ann", Clause.REST, 0.9, "off", watched.now()));
            watched.feed(watched.exposure("bob", Clause.REST, 0.1, "on", watched.now()));
            watched.drain("conversion");
            Exposure late = watched.exposure("eve", Clause.REST, 0.9, "off", watched.now());
            watched.restore();
            watched.feed(late);
            watched.start(watched.plan());
            watched.feed(late);
            watched.feed(watched.exposure("ann", Clause.REST, 0.9, "off", watched.now()));
            watched.feed(watched.exposure("bob", Clause.REST, 0.1, "on", watched.now()));
            Evidence evidence = watched.drain("conversion");

            assertThat(evidence.epoch()).isEqualTo(3);
            assertThat(evidence.control().exposed()).isEqualTo(1);
            assertThat(evidence.blocks()).isEqualTo(1);
            assertThat(watched.stored(WatcherTopology.HEADS)).isEqualTo(1);
            assertThat(watched.stored(WatcherTopology.CELLS))
                    .as("two cells and the units")
                    .isEqualTo(3);
        }
    }

    @Test
    void olderRolloutDoesNotComeBackAfterAKillWasLifted() {
        try (Watched watched = half()) {
            String before = Json.write(watched.state());
            watched.restore();
            assertThat(watched.stored(WatcherTopology.HEADS)).isZero();
            watched.driver()
                    .createInputTopic(Topics.ROLLOUTS.name(), new StringSerializer(), new StringSerializer())
                    .pipeInput(Watched.FLAG.key(), before);

            assertThat(watched.stored(WatcherTopology.HEADS)).isZero();
        }
    }

    @Test
    void unitOfALongRolloutIsNotCountedAgainWhenItComesBack() {
        try (Watched watched = half()) {
            for (int visit = 0; visit < 2; visit++) {
                watched.feed(watched.exposure("ann", Clause.REST, 0.9, "off", watched.now()));
                watched.feed(watched.exposure("bob", Clause.REST, 0.1, "on", watched.now()));
                watched.feed(watched.outcome("ann", Watched.PURCHASE, watched.now()));
                watched.feed(watched.outcome("stranger", Watched.PURCHASE, watched.now()));
                watched.pass(Duration.ofDays(10));
                watched.pass(Duration.ofSeconds(1));
            }

            assertThat(watched.drain("conversion").control()).isEqualTo(new Counts(1, 1));
            assertThat(watched.stored(WatcherTopology.UNITS)).isEqualTo(2);
        }
    }

    @Test
    void unitsThatNeverSawAnythingAreForgottenAllInTurn() {
        try (Watched watched = Watched.onDisk()) {
            for (int i = 0; i < 2_500; i++) {
                watched.feed(watched.outcome("u" + i, Watched.PURCHASE, watched.now()));
            }
            watched.pass(Duration.ofMinutes(59));
            assertThat(watched.stored(WatcherTopology.UNITS)).isEqualTo(2_500);
            watched.pass(Duration.ofMinutes(2));
            for (int second = 0; second < 5; second++) {
                watched.pass(Duration.ofSeconds(1));
            }

            assertThat(watched.stored(WatcherTopology.UNITS)).isZero();
        }
    }

    private static Exposure ofEpoch(int epoch, Exposure of) {
        return new Exposure(
                of.id(),
                of.project(),
                of.environment(),
                of.flag(),
                of.unit(),
                of.variant(),
                epoch,
                of.allocation(),
                of.clause(),
                of.share(),
                of.bucket(),
                of.dimensions(),
                of.rolloutVersion(),
                of.at(),
                of.source());
    }

    private static Watched half() {
        Watched watched = new Watched();
        watched.start(Watched.plan(List.of(Watched.percent(50, null)), Watched.falls("conversion", 0.20)));
        return watched;
    }
}
