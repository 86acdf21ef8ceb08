// SPDX-License-Identifier: Apache-2.0
package dev.belay.systemtests;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;

import dev.belay.systemtests.cluster.Cluster;
import dev.belay.systemtests.cluster.Fault;
import dev.belay.systemtests.cluster.Round;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * As {@link KillsST}, until as many processes were killed as wanted: {@code mvn verify -Pfaults}. System properties: {@code
 * belay.faults.count} (kills, those of earlier parts of the run included; default 100), {@code belay.faults.seed} (default 1),
 * {@code belay.faults.from} (default 1; the round at which a run that was broken off goes on, and then its table is kept).
 */
@Tag("faults")
class FaultsST {
    @Test
    void noFaultLeavesATrace() throws IOException, InterruptedException {
        int kills = Integer.getInteger("belay.faults.count", 100);
        int from = Integer.getInteger("belay.faults.from", 1);
        long seed = Long.getLong("belay.faults.seed", 1);
        Cluster cluster = Cluster.shared();
        FaultsTable table = new FaultsTable(
                Path.of(System.getProperty("belay.root"), "docs", "benchmarks", "faults.md"),
                command(kills, from, seed),
                from > 1);
        int last = from + Fault.CYCLE + 2 * kills;
        for (int number = from; number <= last && table.kills() < kills; number++) {
            Round.Result result = new Round(cluster, "s" + seed + "-" + number, Fault.random(seed, number - 1)).play();
            table.add(result);
            System.out.println(FaultsTable.row(result));
        }
        table.conclude();
        assertThat(table.violations()).isEmpty();
        assertThat(table.kills()).isGreaterThanOrEqualTo(kills);
    }

    private static String command(int kills, int from, long seed) {
        return "`mvn verify -Pfaults -pl system-tests -Dit.test=FaultsST -Dbelay.faults.seed=" + seed
                + " -Dbelay.faults.count=" + kills + (from == 1 ? "" : " -Dbelay.faults.from=" + from) + "`, "
                + LocalDate.now(ZoneOffset.UTC) + ", " + Runtime.getRuntime().availableProcessors() + " processors:";
    }
}
