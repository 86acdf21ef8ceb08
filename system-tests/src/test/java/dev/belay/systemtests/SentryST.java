// SPDX-License-Identifier: Apache-2.0
package dev.belay.systemtests;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.contracts.Json;
import dev.belay.standalone.Api;
import dev.belay.standalone.distributed.Replica;
import dev.belay.systemtests.cluster.Cluster;
import dev.belay.systemtests.cluster.Observer;
import dev.belay.systemtests.cluster.SentryHook;
import dev.belay.systemtests.cluster.Story;
import dev.belay.systemtests.history.Entry;
import dev.belay.systemtests.history.History;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Errors that Sentry reports, one webhook each, rise with the treatment: it is taken back at every edge. */
class SentryST {
    private static final String FLAG = "crashes";
    private static final String YAML = "application/yaml";
    private static final String HEAD = "apiVersion: belay.dev/v1\nkind: ";
    private static final int BATCH = 40;
    private static final int MOST = 2_000;
    /** Every how many-th user has an error: with control and with the treatment. */
    private static final int CONTROL = 10;

    private static final int TREATMENT = 2;

    private final History history = new History();
    private final SentryHook sentry = new SentryHook();

    @Test
    void errorsThatSentryReportsTakeARolloutBackAtEveryEdge() throws IOException, InterruptedException {
        Cluster cluster = Cluster.shared();
        prepare(cluster.admin());
        try (Observer observer = new Observer(cluster, history, Set.of(FLAG))) {
            observer.start();
            patiently(() -> observer.holdsForAll(FLAG, 0, Entry.Served::isOfRollout));
            int users = 0;
            while (history.of(Entry.Streamed.class, FLAG).isEmpty() && users < MOST) {
                send(cluster, users, users + BATCH);
                users += BATCH;
            }
            long since = System.nanoTime();
            patiently(() -> observer.areAllOff(FLAG, since));
        }
        JsonNode rollback = Story.patiently(
                        () -> cluster.admin().get("/api/v1/rollbacks?project=shop&environment=production&flag=" + FLAG))
                .orElseThrow()
                .path("items")
                .path(0);
        assertThat(rollback.path("verdict").path("decision").asText())
                .as(rollback.toString())
                .isEqualTo("BREACHED");
        assertThat(rollback.path("verdict").path("metric").asText()).isEqualTo("errors");
        assertThat(rollback.path("by").path("name").asText()).isEqualTo("rollback-controller");
    }

    private static void prepare(Api admin) throws IOException, InterruptedException {
        Story.patiently(() -> admin.put("/api/v1/metrics/shop/errors", YAML, HEAD + """
                Metric
                metadata: { name: errors }
                spec: { project: shop, kind: rate, event: sentry-error, within: 1h, goodWhen: down }
                """));
        Story.patiently(() -> admin.put("/api/v1/templates/shop/no-more-errors", YAML, HEAD + """
                RolloutTemplate
                metadata: { name: no-more-errors }
                spec:
                  project: shop
                  stages: [ { name: half, to: 50%, atLeast: 1h, advance: byHand } ]
                  guardrails: [ { metric: errors, rises: 30% } ]
                """));
        Story.patiently(() -> admin.put("/api/v1/flags/shop/production/" + FLAG, YAML, HEAD + """
                Flag
                metadata: { name: crashes }
                spec: { project: shop, environment: production, type: boolean, variants: { "on": true, "off": false }, off: "off", default: "off" }
                """));
        Story.patiently(() -> admin.post("/api/v1/rollouts?apply=true", YAML, HEAD + """
                Rollout
                metadata: { name: crashes }
                spec: { project: shop, environment: production, flag: crashes, template: no-more-errors, control: "off", treatments: ["on"] }
                """));
    }

    /** Exposures as a server sends them, then the errors as Sentry does, each to another edge. */
    private void send(Cluster cluster, int from, int to) throws IOException, InterruptedException {
        List<String> exposures = new ArrayList<>();
        for (int i = from; i < to; i++) {
            exposures.add(Json.write(Map.of(
                    "type",
                    "exposure",
                    "id",
                    FLAG + "-x" + i,
                    "flag",
                    FLAG,
                    "unit",
                    FLAG + "-u" + i,
                    "variant",
                    variant(i),
                    "epoch",
                    1,
                    "allocation",
                    1,
                    "clause",
                    "rest")));
        }
        JsonNode taken = cluster.server(edge(cluster, from))
                .post("/api/v1/events", "application/x-ndjson", String.join("\n", exposures));
        assertThat(taken.path("accepted").asInt()).as(taken.toString()).isEqualTo(exposures.size());
        for (int i = from; i < to; i++) {
            if (i / 2 % (i % 2 == 1 ? TREATMENT : CONTROL) == 0) {
                assertThat(sentry.report(edge(cluster, i), FLAG + "-e" + i, FLAG + "-u" + i, FLAG, variant(i)))
                        .isEqualTo(202);
            }
        }
    }

    private static String variant(int user) {
        return user % 2 == 1 ? "on" : "off";
    }

    private static Replica edge(Cluster cluster, int turn) {
        return cluster.edges().get(turn % cluster.edges().size());
    }

    private interface Condition {
        boolean holds();
    }

    private static void patiently(Condition condition) {
        Awaitility.await()
                .atMost(Cluster.PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .until(condition::holds);
    }
}
