// SPDX-License-Identifier: Apache-2.0
package dev.belay.systemtests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

import dev.belay.systemtests.cluster.Cluster;
import dev.belay.systemtests.cluster.Fault;
import dev.belay.systemtests.cluster.Round;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * As {@link KillsST}, for as many faults as wanted: {@code mvn verify -Pfaults}. System properties: {@code
 * belay.faults.count} (default 108), {@code belay.faults.seed} (default 1), {@code belay.faults.from} (default 1: where a run
 * that was broken off goes on).
 */
@Tag("faults")
class FaultsST {
    private static final String COMMAND = "mvn verify -Pfaults";

    @Test
    void noFaultLeavesATrace() throws IOException, InterruptedException {
        int count = Integer.getInteger("belay.faults.count", 108);
        int from = Integer.getInteger("belay.faults.from", 1);
        long seed = Long.getLong("belay.faults.seed", 1);
        Cluster cluster = Cluster.shared();
        Path table = Path.of(System.getProperty("belay.root"), "docs", "benchmarks", "faults.md");
        begin(table, seed, from);
        List<String> violations = new ArrayList<>();
        for (int number = from; number <= count; number++) {
            String name = "s" + seed + "-" + number;
            Round.Result result = play(cluster, name, Fault.random(seed, number - 1));
            Files.writeString(table, result.row() + "\n", StandardOpenOption.APPEND);
            System.out.println(result.row());
            result.violations().forEach(violation -> violations.add(name + ": " + violation));
        }
        Files.writeString(
                table,
                "\nThrough fault " + count + ": " + violations.size() + " violations.\n",
                StandardOpenOption.APPEND);
        assertThat(violations).isEmpty();
    }

    /** A story that does not end is a violation too, and the next round comes all the same. */
    private static Round.Result play(Cluster cluster, String name, Fault fault) throws InterruptedException {
        try {
            return new Round(cluster, name, fault).play();
        } catch (IOException | ConditionTimeoutException e) {
            return new Round.Result(name, fault, true, -1, -1, 0, List.of(String.valueOf(e.getMessage())));
        }
    }

    private static void begin(Path table, long seed, int from) throws IOException {
        if (from > 1 && Files.exists(table)) {
            return;
        }
        Files.createDirectories(table.getParent());
        Files.writeString(table, """
                # Faults

                One process dies, or one dependency is away, in the middle of two rollouts at once: one that lowers conversion by 30 %% and has to
                be taken back, and one that changes nothing, has to go on, and is counted to the unit. Two replicas of every service and three
                edges; a client at every edge asks without pause and listens to its stream. A checker reads nothing but what the clients saw.

                Command: `%s -Dbelay.faults.seed=%d`, %s. A failpoint that no process came to is marked *not reached*: its story went on without a fault.

                | round | fault | happened | harm to off, ms | round, ms | users | violations |
                |---|---|---|---|---|---|---|
                """.formatted(COMMAND, seed, LocalDate.now(ZoneOffset.UTC)));
    }
}
