// SPDX-License-Identifier: Apache-2.0
package dev.belay.watcher.topology;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

import dev.belay.contracts.rollouts.Clause;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.verdicts.Block;
import dev.belay.contracts.verdicts.Counts;
import dev.belay.contracts.verdicts.Evidence;
import dev.belay.contracts.verdicts.Verdict;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The process ends and another goes on with its stores, as often and whenever it wants. */
class RestartTest {
    private static final Plan PLAN = Watched.plan(
            List.of(Watched.percent(20, null), Watched.percent(50, null)),
            Watched.falls("conversion", 0.20),
            Watched.rises("errors", 0.30));
    private static final int VISITS = 4_000;
    private static final Set<Integer> RAISE = Set.of(2_000);

    @Test
    void restartsChangeNeitherCountsNorBlocks() {
        try (Watched undisturbed = visited(Set.of(), 1);
                Watched restarted = visited(Set.of(1, 777, 1_999, 2_000, 2_001, 3_456), 1)) {
            Evidence expected = undisturbed.drain("conversion");
            Evidence evidence = restarted.drain("conversion");

            assertThat(Watched.counts(restarted.blocks()))
                    .isEqualTo(Watched.counts(undisturbed.blocks()))
                    .hasSizeGreaterThan(50);
            assertThat(evidence).isEqualTo(expected);
            assertThat(numbers(restarted.blocks())).doesNotHaveDuplicates();
        }
    }

    @Test
    void plansThatAreLearntAgainOnlyLaterChangeNoCount() {
        try (Watched undisturbed = visited(Set.of(), 1);
                Watched restarted = visited(Set.of(500, 2_500), 300)) {
            Evidence expected = undisturbed.drain("conversion");
            restarted.look();
            Evidence evidence = restarted.drain("conversion");

            assertThat(evidence.control()).isEqualTo(expected.control());
            assertThat(evidence.treatment()).isEqualTo(expected.treatment());
            assertThat(evidence.strata()).isEqualTo(expected.strata());
        }
    }

    @Test
    void countsAreWhatWasSent() {
        Set<String> seen = new HashSet<>();
        try (Watched restarted = new Watched()) {
            restarted.start(Watched.plan(List.of(Watched.percent(50, null)), Watched.falls("conversion", 0.20)));
            for (int i = 0; i < 300; i++) {
                String unit = "u" + i % 200;
                boolean treated = i % 2 == 0;
                seen.add(unit);
                restarted.feed(restarted.exposure(unit, Clause.REST, null, treated ? "on" : "off", restarted.now()));
                if (i % 5 == 0) {
                    restarted.feed(restarted.outcome(unit, Watched.PURCHASE, restarted.now()));
                }
                if (i % 7 == 0) {
                    restarted.restart();
                    restarted.tellRollouts();
                }
            }
            Evidence evidence = restarted.drain("conversion");

            assertThat(evidence.control()).isEqualTo(new Counts(seen.size() / 2, 20));
            assertThat(evidence.treatment()).isEqualTo(new Counts(seen.size() / 2, 20));
        }
    }

    @Test
    void breachIsSaidAgainAfterARestart() {
        try (Watched watched = new Watched()) {
            watched.start(Watched.plan(List.of(Watched.percent(50, null)), Watched.falls("conversion", 0.20)));
            for (int i = 0; watched.breach().isEmpty(); i++) {
                boolean treated = i % 2 == 0;
                watched.feed(watched.exposure("u" + i, Clause.REST, null, treated ? "on" : "off", watched.now()));
                if (!treated && i % 3 == 0) {
                    watched.feed(watched.outcome("u" + i, Watched.PURCHASE, watched.now()));
                }
            }
            Verdict breach = watched.breach().orElseThrow();
            int said = watched.verdicts().size();
            watched.restart();
            watched.pass(Duration.ofMillis(200));

            assertThat(watched.verdicts().subList(said, watched.verdicts().size()))
                    .containsExactly(breach);
        }
    }

    /** @param unknownFor visits after a restart during which no rollout is known */
    private static Watched visited(Set<Integer> restarts, int unknownFor) {
        SplittableRandom random = new SplittableRandom(3);
        Watched watched = new Watched();
        watched.start(PLAN);
        int tellAt = -1;
        for (int visit = 1; visit <= VISITS; visit++) {
            if (restarts.contains(visit)) {
                watched.restart();
                tellAt = visit + unknownFor - 1;
            }
            if (RAISE.contains(visit)) {
                watched.raise();
            }
            if (visit == tellAt) {
                watched.tellRollouts();
            }
            int number = random.nextInt(VISITS);
            double bucket = new SplittableRandom(number).nextDouble();
            boolean treated =
                    watched.state().allocation().orElseThrow().clauses().get(0).treats(bucket);
            String unit = "u" + number;
            watched.feed(watched.exposure(unit, Clause.REST, bucket, treated ? "on" : "off", watched.now()));
            if (random.nextDouble() < 0.3) {
                watched.feed(
                        watched.outcome(unit, Watched.PURCHASE, watched.now().plusMillis(1)));
            }
            if (random.nextDouble() < 0.1) {
                watched.feed(watched.outcome(unit, Watched.ERROR, watched.now().plusMillis(1)));
            }
            if (visit % 100 == 0) {
                watched.pass(Duration.ofSeconds(2));
            }
        }
        return watched;
    }

    private static List<Long> numbers(List<Block> blocks) {
        return new ArrayList<>(blocks.stream().map(Block::seq).toList());
    }
}
