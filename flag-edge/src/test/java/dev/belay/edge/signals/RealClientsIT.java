// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge.signals;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;

import com.posthog.server.PostHog;
import com.posthog.server.PostHogCaptureOptions;
import com.posthog.server.PostHogConfig;
import com.posthog.server.PostHogInterface;
import dev.belay.contracts.Topics;
import dev.belay.contracts.Unit;
import dev.belay.contracts.events.Exposure;
import dev.belay.contracts.events.Outcome;
import dev.belay.edge.BrokerResource;
import dev.belay.edge.Edge;
import dev.belay.edge.EdgeFacts;
import dev.belay.kafka.KafkaSettings;
import dev.belay.kafka.RecordView;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Clients that people have in their applications, as they are. */
@QuarkusTest
@WithTestResource(BrokerResource.class)
class RealClientsIT {
    @TestHTTPResource
    URI address;

    private final Edge edge = new Edge();
    private final Queue<Exposure> exposures = new ConcurrentLinkedQueue<>();
    private final Queue<Outcome> outcomes = new ConcurrentLinkedQueue<>();
    private List<RecordView<?>> views = List.of();

    @BeforeEach
    void watchTheTopics() throws TimeoutException {
        Edge.awaitReady();
        KafkaSettings settings = KafkaSettings.configured();
        views = List.of(
                RecordView.start(settings, "test", Topics.EXPOSURES, (key, value, at) -> exposures.add(value)),
                RecordView.start(settings, "test", Topics.OUTCOMES, (key, value, at) -> outcomes.add(value)));
        for (RecordView<?> view : views) {
            view.awaitCaughtUp(Edge.PATIENCE);
        }
    }

    @AfterEach
    void close() {
        views.forEach(RecordView::close);
        edge.close();
    }

    @Test
    void postHogsServerClientReportsExposuresOutcomesAndExceptions() throws IOException {
        edge.publish(EdgeFacts.definition("from-posthog", 1));
        edge.publish(EdgeFacts.rollout("from-posthog", 1, 1, 50));
        await().atMost(Edge.PATIENCE)
                .until(() -> "SPLIT".equals(Edge.evaluate("from-posthog", "p0").path("reason")));
        try (PosthogFlags flags = new PosthogFlags(address, "from-posthog")) {
            PostHogInterface client = PostHog.with(new PostHogConfig.Builder(Edge.key("client"))
                    .host(flags.address())
                    .flushAt(1_000)
                    .flushIntervalSeconds(1)
                    .build());
            try {
                IntStream.range(0, 20).forEach(i -> client.isFeatureEnabled("p" + i, "from-posthog", false));
                client.capture(
                        "p1",
                        "from-posthog purchase",
                        new PostHogCaptureOptions.Builder()
                                .property("revenue", 9.5)
                                .property("currency", "EUR")
                                .userProperty("plan", "pro")
                                .build());
                client.captureException(new IllegalStateException("mail of a@b.c"), "p1", Map.of("page", "cart"));
                client.flush();
                await().atMost(Edge.PATIENCE).until(() -> exposed().size() == 20 && outcomes("$exception") == 1);
            } finally {
                client.close();
            }
        }
        assertThat(exposed()).allSatisfy(exposure -> {
            assertThat(exposure.epoch()).isEqualTo(1);
            assertThat(exposure.clause()).isEqualTo("rest");
        });
        assertThat(exposed()).extracting(Exposure::variant).contains("on", "off");
        assertThat(outcomes)
                .filteredOn(outcome -> outcome.event().equals("from-posthog purchase"))
                .singleElement()
                .satisfies(outcome -> {
                    assertThat(outcome.unit()).isEqualTo(Unit.user("p1"));
                    assertThat(outcome.value()).isEqualTo(9.5);
                    assertThat(outcome.properties()).containsKey("currency");
                });
        assertThat(outcomes)
                .filteredOn(outcome -> outcome.event().equals("$exception")
                        && outcome.unit() != null
                        && outcome.unit().id().equals("p1"))
                .singleElement()
                .satisfies(outcome -> {
                    assertThat(outcome.properties()).containsKeys("type", "level");
                    assertThat(outcome.properties().toString()).doesNotContain("a@b.c");
                });
    }

    @Test
    void sentrysJavaClientTagsAnErrorThatBecomesAnOutcome() throws IOException {
        edge.publish(EdgeFacts.definition("from-sentry", 1));
        edge.publish(EdgeFacts.rollout("from-sentry", 1, 1, 50));
        try (SentryServer sentry = new SentryServer(address)) {
            String id = sentry.reportFrom("u7", "from-sentry", "on");
            await().atMost(Edge.PATIENCE).until(() -> sentry.answers().contains(202));
            await().atMost(Edge.PATIENCE).until(() -> outcomes.stream()
                    .anyMatch(outcome -> outcome.id().equals(id)));
            assertThat(outcomes)
                    .filteredOn(outcome -> outcome.id().equals(id))
                    .singleElement()
                    .satisfies(outcome -> {
                        assertThat(outcome.event()).isEqualTo("sentry-error");
                        assertThat(outcome.unit()).isEqualTo(Unit.user("u7"));
                        assertThat(outcome.flag()).isEqualTo("from-sentry");
                        assertThat(outcome.variant()).isEqualTo("on");
                        assertThat(outcome.properties().get("type").asText()).isEqualTo("IllegalStateException");
                        assertThat(outcome.properties().toString()).doesNotContain("a@b.c");
                    });
        }
    }

    private List<Exposure> exposed() {
        return exposures.stream()
                .filter(exposure -> exposure.source().equals("posthog"))
                .filter(exposure -> exposure.flag().equals("from-posthog"))
                .toList();
    }

    private long outcomes(String event) {
        return outcomes.stream()
                .filter(outcome -> outcome.event().equals(event))
                .filter(outcome -> outcome.unit() != null && outcome.unit().id().equals("p1"))
                .count();
    }
}
