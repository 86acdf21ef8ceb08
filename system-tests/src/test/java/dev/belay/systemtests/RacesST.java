// SPDX-License-Identifier: Apache-2.0
package dev.belay.systemtests;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

import dev.belay.systemtests.cluster.Cluster;
import dev.belay.systemtests.cluster.Heat;
import dev.belay.systemtests.cluster.Race;
import dev.belay.systemtests.cluster.RecordLog;
import dev.belay.systemtests.cluster.Story;
import org.apache.kafka.clients.producer.Producer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * However advance, resume and a breach fall within five milliseconds, over three replicas of each service: the rollout ends
 * rolled back, and no edge shows an advance once it has shown the rollback. System properties: {@code belay.races.count}
 * (default 20; a race that took longer to send than five milliseconds is checked and not counted), {@code belay.races.seed}.
 */
@Tag("faults")
class RacesST {
    /** All races of a heat are watched by the same clients. */
    private static final int HEAT = 50;

    private static final int REPLICAS = 3;
    /** After so many times the wanted number the machine is too busy for races. */
    private static final int MOST = 4;

    @TempDir
    Path folder;

    @Test
    void everyRaceEndsRolledBackAndNoAdvanceIsSeenAfterwards() throws IOException, InterruptedException {
        int wanted = Integer.getInteger("belay.races.count", 20);
        long seed = Long.getLong("belay.races.seed", 1);
        Cluster.endShared();
        long begun = System.nanoTime();
        List<Heat.Outcome> outcomes = new ArrayList<>();
        List<String> violations = new ArrayList<>();
        // Edges say again and again what they serve of every rollout there ever was: a thousand are too many for two
        // processors.
        Map<String, String> settings = Map.of("belay.edge.report-every", "PT30S");
        try (Cluster cluster = Cluster.start(folder, service -> REPLICAS, settings);
                RecordLog log = cluster.log();
                Producer<byte[], byte[]> watcher = cluster.producer()) {
            Story.share(cluster);
            Race.share(cluster);
            for (int heat = 0; inTime(outcomes) < wanted && outcomes.size() < MOST * wanted; heat++) {
                int races = Math.min(HEAT, wanted - inTime(outcomes));
                Heat.Result result =
                        new Heat(cluster, log, watcher, "race-" + heat, races, seed * 1_000_003 + heat).run();
                outcomes.addAll(result.outcomes());
                violations.addAll(result.violations());
                System.out.println(summary(outcomes, violations, begun));
                assertThat(violations).isEmpty();
            }
            assertThat(inTime(outcomes))
                    .as("races that a busy machine did not draw out beyond " + Race.WITHIN)
                    .isGreaterThanOrEqualTo(wanted);
        }
    }

    private static int inTime(List<Heat.Outcome> outcomes) {
        return count(outcomes, outcome -> outcome.spread().compareTo(Race.WITHIN) <= 0);
    }

    private static int count(List<Heat.Outcome> outcomes, Predicate<Heat.Outcome> which) {
        return (int) outcomes.stream().filter(which).count();
    }

    private static String summary(List<Heat.Outcome> outcomes, List<String> violations, long begun) {
        List<Duration> spreads =
                outcomes.stream().map(Heat.Outcome::spread).sorted().toList();
        return "races: " + inTime(outcomes) + " within 5 ms of " + outcomes.size() + "; first to last sent: median "
                + millis(spreads.get(spreads.size() / 2)) + ", longest counted "
                + millis(spreads.get(Math.max(0, inTime(outcomes) - 1)))
                + "; paused before " + count(outcomes, Heat.Outcome::isPaused)
                + "; some advance obeyed " + count(outcomes, outcome -> outcome.obeyed() > 0)
                + "; both " + count(outcomes, outcome -> outcome.obeyed() > 1)
                + "; advance in the log after the rollback " + count(outcomes, Heat.Outcome::wasWrittenLate)
                + "; advance served by some edge before " + count(outcomes, Heat.Outcome::wasSeen)
                + "; while another edge had shown the rollback " + count(outcomes, Heat.Outcome::wasSeenElsewhere)
                + "; violations " + violations.size() + "; "
                + Duration.ofNanos(System.nanoTime() - begun).toSeconds() + " s";
    }

    private static String millis(Duration duration) {
        return String.format(Locale.ROOT, "%.1f ms", duration.toNanos() / 1e6);
    }
}
