// SPDX-License-Identifier: Apache-2.0
package dev.belay.systemtests;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.belay.standalone.distributed.Replica;
import dev.belay.systemtests.cluster.Cluster;
import dev.belay.systemtests.cluster.SlackReceiver;
import dev.belay.systemtests.cluster.Story;
import dev.belay.systemtests.history.History;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** One of three edges hangs while a rollout is taken back: the incident does not claim more than was confirmed. */
@Tag("thorough")
class PausedEdgeST {
    private static final int BATCH = 50;
    private static final int MOST = 20_000;
    private static final Duration SEND = Duration.ofSeconds(5);

    @Test
    void theIncidentCountsWhoConfirmedSomeoneIsPagedAndItHeals() throws IOException, InterruptedException {
        Cluster cluster = Cluster.shared();
        Story story = new Story("paused");
        story.begin(cluster);
        Replica paused = cluster.edges().get(2);
        List<Replica> others = cluster.edges().subList(0, 2);
        History history = new History();
        story.send(cluster, 10 * BATCH, false, history, Cluster.PATIENCE);
        for (int batch = 0; batch < 10; batch++) {
            story.send(cluster, BATCH, true, history, Cluster.PATIENCE);
        }

        cluster.pause(paused);
        try {
            while (incident(cluster, story).isMissingNode() && story.users() < MOST) {
                story.send(cluster, others, BATCH, true, history, SEND);
            }
            patiently()
                    .until(() ->
                            incident(cluster, story).path("status").asText().equals("UNCONFIRMED"));
            JsonNode unconfirmed = incident(cluster, story);
            assertThat(unconfirmed.path("edges")).as(unconfirmed.toString()).hasSize(3);
            assertThat(unconfirmed.path("confirmed")).as(unconfirmed.toString()).hasSize(2);
            patiently().until(() -> told(cluster, story, "not confirmed by every edge"));
            assertThat(cluster.slack().about(story.flag()).stream().map(SlackReceiver.Message::text))
                    .anyMatch(text -> text.contains("2 of 3 edges confirmed"));
        } finally {
            cluster.resume(paused);
        }

        patiently().until(() -> incident(cluster, story).path("status").asText().equals("CONFIRMED"));
        patiently().until(() -> told(cluster, story, "Now off everywhere"));
        assertThat(incident(cluster, story).path("confirmed")).hasSize(3);
        cluster.awaitReady();
    }

    private static ConditionFactory patiently() {
        return Awaitility.await().atMost(Cluster.PATIENCE).pollInterval(Duration.ofMillis(200));
    }

    private static JsonNode incident(Cluster cluster, Story story) throws IOException, InterruptedException {
        return Story.patiently(() -> cluster.admin().get("/api/v1/incidents" + story.about()))
                .map(page -> page.path("items").path(0))
                .orElse(MissingNode.getInstance());
    }

    private static boolean told(Cluster cluster, Story story, String words) {
        return cluster.slack().about(story.flag()).stream()
                .anyMatch(message -> message.title().contains(words));
    }
}
