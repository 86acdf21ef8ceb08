// SPDX-License-Identifier: Apache-2.0
package dev.belay.watcher.topology;

import java.time.Duration;
import java.util.List;

import dev.belay.contracts.Json;
import dev.belay.contracts.Topics;
import dev.belay.contracts.rollouts.Clause;
import dev.belay.contracts.verdicts.Evidence;
import dev.belay.contracts.verdicts.Reason;
import dev.belay.contracts.verdicts.Verdict;
import org.apache.kafka.common.serialization.StringSerializer;
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

    private static Watched half() {
        Watched watched = new Watched();
        watched.start(Watched.plan(List.of(Watched.percent(50, null)), Watched.falls("conversion", 0.20)));
        return watched;
    }
}
