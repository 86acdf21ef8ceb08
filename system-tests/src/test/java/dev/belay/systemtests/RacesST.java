// SPDX-License-Identifier: Apache-2.0
package dev.belay.systemtests;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import dev.belay.systemtests.cluster.Cluster;
import dev.belay.systemtests.cluster.Observer;
import dev.belay.systemtests.cluster.Race;
import dev.belay.systemtests.cluster.Story;
import dev.belay.systemtests.history.Entry;
import dev.belay.systemtests.history.History;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** However advance, pause, resume and the rollback fall within five milliseconds: the rollback stands, everywhere. */
@Tag("faults")
class RacesST {
    /** All races of a batch are watched by the same clients. */
    private static final int BATCH = 20;

    @Test
    void everyRaceEndsRolledBackAndNoAdvanceIsSeenAfterwards() throws IOException, InterruptedException {
        int races = Integer.getInteger("belay.races.count", BATCH);
        long seed = Long.getLong("belay.races.seed", 1);
        Cluster cluster = Cluster.shared();
        int ended = 0;
        for (int first = 0; first < races; first += BATCH) {
            List<Race> batch = new ArrayList<>();
            for (int number = first; number < Math.min(races, first + BATCH); number++) {
                batch.add(new Race(cluster, "race-" + seed + "-" + number, seed * 1_000_003 + number));
            }
            run(cluster, batch);
            ended += batch.size();
        }
        assertThat(ended).isEqualTo(races);
    }

    private static void run(Cluster cluster, List<Race> races) throws IOException, InterruptedException {
        History history = new History();
        Set<String> flags =
                Set.copyOf(races.stream().map(race -> race.story().flag()).toList());
        for (Race race : races) {
            race.begin();
        }
        try (Observer observer = new Observer(cluster, history, flags)) {
            observer.start();
            Awaitility.await().atMost(Cluster.PATIENCE).until(() -> flags.stream()
                    .allMatch(flag ->
                            history.of(Entry.Served.class, flag).stream().anyMatch(served -> served.allocation() > 0)));
            for (Race race : races) {
                race.run();
            }
            long since = System.nanoTime();
            Awaitility.await()
                    .atMost(Cluster.PATIENCE)
                    .pollInterval(Duration.ofMillis(100))
                    .until(() -> flags.stream().allMatch(flag -> observer.areAllOff(flag, since))
                            && areRolledBack(cluster, flags));
        }
        assertThat(flags)
                .allSatisfy(flag ->
                        assertThat(advancedAfterwards(history, flag)).as(flag).isEmpty());
    }

    private static boolean areRolledBack(Cluster cluster, Set<String> flags) throws IOException, InterruptedException {
        for (String flag : flags) {
            if (!isRolledBack(cluster, flag)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isRolledBack(Cluster cluster, String flag) throws IOException, InterruptedException {
        return Story.patiently(() -> cluster.admin().get("/api/v1/rollouts/shop/production/" + flag))
                .orElseThrow()
                .path("status")
                .asText()
                .equals("ROLLED_BACK");
    }

    /** Returns what was served of the treatment by an edge that had shown the rollback before. */
    private static List<Entry.Served> advancedAfterwards(History history, String flag) {
        List<Entry.Served> found = new ArrayList<>();
        for (Entry.Streamed off : history.of(Entry.Streamed.class, flag)) {
            history.of(Entry.Served.class, flag).stream()
                    .filter(served ->
                            served.treatment() && served.edge().equals(off.edge()) && served.begin() > off.at())
                    .forEach(found::add);
        }
        return found;
    }
}
