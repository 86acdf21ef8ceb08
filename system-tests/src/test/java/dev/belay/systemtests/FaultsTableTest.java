// SPDX-License-Identifier: Apache-2.0
package dev.belay.systemtests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import dev.belay.standalone.distributed.Service;
import dev.belay.systemtests.cluster.Fault;
import dev.belay.systemtests.cluster.Round;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class FaultsTableTest {
    private static final Fault KILL = Fault.kill(Service.NOTIFIER, 1, 20);
    private static final Fault PLACE = Fault.at(Service.METRICS_WATCHER, "watcher.mid-publish", 2);
    private static final Fault OUTAGE = new Fault(Fault.Kind.DATABASE, Service.ROLLOUT_SCHEDULER, "", 1, 5);

    @TempDir
    Path folder;

    private Path page;

    @BeforeEach
    void write() throws IOException {
        page = Files.writeString(folder.resolve("faults.md"), "# Faults\n\nWhat people wrote.\n\n## Rounds\n\nold\n");
    }

    @Test
    void aRoundThatDidNotEndHappenedOnlyIfItsFaultDid() {
        assertThat(FaultsTable.row(result("s1-1", PLACE, false, "did not end: too slow")))
                .isEqualTo("| s1-1 | metrics-watcher ends at watcher.mid-publish:2 | not reached | 7 | 9 | 100"
                        + " | did not end: too slow |");
        assertThat(FaultsTable.row(result("s1-1", KILL, true, "did not end: too slow")))
                .contains("| killed |");
    }

    @Test
    void countsKillsOfProcessesThatDiedAndNothingElse() throws IOException {
        FaultsTable table = new FaultsTable(page, "command", false);
        table.add(result("s1-1", KILL, true));
        table.add(result("s1-2", PLACE, false));
        table.add(result("s1-3", OUTAGE, true));
        table.conclude();

        assertThat(table.kills()).isEqualTo(1);
        assertThat(Files.readString(page))
                .startsWith("# Faults\n\nWhat people wrote.\n\n## Rounds\n\ncommand\n\n| round |")
                .doesNotContain("old")
                .contains("**3 rounds, 1 kills (")
                .contains("notifier 1), 1 other faults, 1 failpoints not reached, 0 rounds with violations.**");
    }

    @Test
    void aRunThatGoesOnKeepsTheRoundsThatWereThere() throws IOException {
        FaultsTable first = new FaultsTable(page, "first", false);
        first.add(result("s1-1", KILL, true, "something | else"));
        first.conclude();
        FaultsTable second = new FaultsTable(page, "second", true);
        second.add(result("s1-2", KILL, true));
        second.conclude();

        assertThat(second.kills()).isEqualTo(2);
        assertThat(second.violations()).singleElement().asString().startsWith("| s1-1 |");
        assertThat(Files.readString(page))
                .containsOnlyOnce("rounds with violations")
                .contains("first", "second");
    }

    private static Round.Result result(String name, Fault fault, boolean happened, String... violations) {
        return new Round.Result(name, fault, happened, 7, 9, 100, List.of(violations));
    }
}
