// SPDX-License-Identifier: Apache-2.0
package dev.belay.systemtests;

import java.io.IOException;
import java.util.List;

import dev.belay.standalone.distributed.Service;
import dev.belay.systemtests.cluster.Cluster;
import dev.belay.systemtests.cluster.Fault;
import dev.belay.systemtests.cluster.Round;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** One thing breaks in the middle of two stories: the harmful one is taken back, the other one is counted to the unit. */
class KillsST {
    private static Cluster cluster;
    private static int round;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        cluster = Cluster.shared();
    }

    /** What is on the safety path, and the database that is not. */
    static List<Fault> mostTelling() {
        return List.of(
                Fault.at(Service.ROLLBACK_CONTROLLER, "publish.before-acknowledgement", 1),
                Fault.kill(Service.METRICS_WATCHER, 1, 4_000),
                new Fault(Fault.Kind.DATABASE, Service.ROLLOUT_SCHEDULER, "", 1, 2_000));
    }

    static List<Fault> others() {
        return List.of(
                Fault.kill(Service.FLAG_EDGE, 2, 3_000),
                Fault.at(Service.FLAG_CONFIG_SERVICE, "outbox.after-commit", 1),
                Fault.at(Service.ROLLOUT_SCHEDULER, "outbox.mid-publish", 1),
                Fault.at(Service.NOTIFIER, "notifier.after-sending", 1),
                new Fault(Fault.Kind.STATE, Service.METRICS_WATCHER, "", 2, 2_000),
                new Fault(Fault.Kind.BROKER, Service.ROLLBACK_CONTROLLER, "", 1, 3_000));
    }

    @ParameterizedTest
    @MethodSource("mostTelling")
    void harmIsTakenBackAndEveryCountIsExact(Fault fault) throws IOException, InterruptedException {
        play(fault);
    }

    @Tag("thorough")
    @ParameterizedTest
    @MethodSource("others")
    void alsoWhenAnyOtherPartBreaks(Fault fault) throws IOException, InterruptedException {
        play(fault);
    }

    private static void play(Fault fault) throws IOException, InterruptedException {
        Round.Result result = new Round(cluster, "kill-" + ++round, fault).play();

        System.out.println(FaultsTable.row(result));
        assertThat(result.happened()).as(fault.text()).isTrue();
        assertThat(result.violations()).as(fault.text()).isEmpty();
    }
}
