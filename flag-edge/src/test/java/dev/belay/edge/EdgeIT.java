// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

import dev.belay.contracts.Topic;
import dev.belay.contracts.Topics;
import dev.belay.contracts.events.Exposure;
import dev.belay.contracts.events.Outcome;
import dev.belay.contracts.rollbacks.Rollback;
import dev.belay.contracts.rollbacks.RollbackTarget;
import dev.belay.contracts.served.Served;
import dev.belay.edge.serving.LastKnownGood;
import dev.belay.kafka.KafkaSettings;
import dev.belay.kafka.RecordPublisher;
import dev.belay.kafka.RecordView;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static dev.belay.edge.EdgeFacts.definition;
import static dev.belay.edge.EdgeFacts.rollback;
import static dev.belay.edge.EdgeFacts.rollout;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@QuarkusTest
@WithTestResource(BrokerResource.class)
class EdgeIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TestHTTPResource
    URI address;

    private final String serverKey = Edge.key("server");
    private final String clientKey = Edge.key("client");

    private final KafkaSettings settings = KafkaSettings.configured();
    private final RecordPublisher publisher = new RecordPublisher(settings, "test");
    private final Queue<Exposure> exposures = new ConcurrentLinkedQueue<>();
    private final Queue<Outcome> outcomes = new ConcurrentLinkedQueue<>();
    private final Queue<Served> reports = new ConcurrentLinkedQueue<>();
    private List<RecordView<?>> views = List.of();

    @BeforeEach
    void watchTheTopics() throws TimeoutException {
        views = List.of(
                RecordView.start(settings, "test", Topics.EXPOSURES, (key, value, at) -> exposures.add(value)),
                RecordView.start(settings, "test", Topics.OUTCOMES, (key, value, at) -> outcomes.add(value)),
                RecordView.start(settings, "test", Topics.SERVED, (key, value, at) -> reports.add(value)));
        for (RecordView<?> view : views) {
            view.awaitCaughtUp(PATIENCE);
        }
        await().atMost(PATIENCE)
                .untilAsserted(() -> given().get("/q/health/ready").then().statusCode(200));
    }

    @AfterEach
    void close() {
        views.forEach(RecordView::close);
        publisher.close();
    }

    @Test
    void anEvaluationIsAnExposureOnce() {
        raised("exposed");
        Response answer = evaluate("exposed", "u1");
        assertThat(answer.jsonPath().getString("variant")).isEqualTo("on");
        assertThat(answer.jsonPath().getBoolean("value")).isTrue();
        assertThat(answer.jsonPath().getString("reason")).isEqualTo("SPLIT");
        assertThat(answer.jsonPath().getInt("metadata.epoch")).isEqualTo(1);
        assertThat(answer.jsonPath().getString("metadata.clause")).isEqualTo("rest");
        evaluate("exposed", "u1");
        evaluate("exposed", "u2");
        await().atMost(PATIENCE).until(() -> exposures("exposed", "u2").size() == 1);
        assertThat(exposures("exposed", "u1")).singleElement().satisfies(exposure -> {
            assertThat(exposure.variant()).isEqualTo("on");
            assertThat(exposure.epoch()).isEqualTo(1);
            assertThat(exposure.bucket()).isNotNull();
            assertThat(exposure.dimensions()).containsEntry("country", "DE");
        });
    }

    @Test
    void aFlagWithoutARolloutExposesNobody() {
        publish(Topics.FLAGS, "shop/production/plain", definition("plain", 1));
        awaitVariant("plain", "off");
        raised("after-plain");
        evaluate("after-plain", "u9");
        await().atMost(PATIENCE).until(() -> !exposures("after-plain", "u9").isEmpty());
        assertThat(exposures).noneMatch(exposure -> exposure.flag().equals("plain"));
    }

    @Test
    void aRollbackTurnsTheFlagOffAndTheEdgeSaysSo() {
        raised("stopped");
        evaluate("stopped", "u1");
        publish(Topics.ROLLBACKS, "shop/production/stopped#1#all", rollback("stopped", 1, RollbackTarget.ALL));
        awaitVariant("stopped", "off");
        publish(Topics.ROLLOUTS, "shop/production/stopped", rollout("stopped", 1, 5, 100));
        await().atMost(PATIENCE).until(() -> reports.stream()
                .anyMatch(report -> report.flag().equals("stopped")
                        && report.rollout() == 5
                        && report.out().equals(List.of("all"))
                        && report.lastTreatmentAt() != null));
        assertThat(evaluate("stopped", "u1").jsonPath().getString("variant")).isEqualTo("off");
        assertThat(reports).allMatch(report -> report.edge().equals("edge-1"));
    }

    @Test
    void poisonInEveryTopicItReadsStopsNothing() {
        String flag = "shop/production/poisoned";
        try (KafkaProducer<String, String> raw =
                new KafkaProducer<>(settings.clientProperties(), new StringSerializer(), new StringSerializer())) {
            for (Topic<?> topic :
                    List.of(Topics.FLAGS, Topics.SEGMENTS, Topics.KEYS, Topics.ROLLOUTS, Topics.ROLLBACKS)) {
                for (String key : List.of("", "no/key", "a/b/c/d", "\u0000", flag)) {
                    for (String value : Arrays.asList("", "{", "null", "[]", "{\"flag\":\"poison\"}", "\u0000", null)) {
                        assertThat(raw.send(new ProducerRecord<>(settings.nameOf(topic), key, value)))
                                .succeedsWithin(PATIENCE);
                    }
                }
            }
        }
        raised("poisoned");
        assertThat(evaluate("poisoned", "u1").jsonPath().getString("variant")).isEqualTo("on");
        publish(Topics.ROLLBACKS, "shop/production/poisoned#1#all", rollback("poisoned", 1, RollbackTarget.ALL));
        awaitVariant("poisoned", "off");
        given().get("/q/health/ready").then().statusCode(200);
    }

    @Test
    void howLongARollbackTakesIsMeasured() {
        raised("measured");
        double before = metric("belay_edge_rollback_to_off_seconds_count");
        double committed = metric("belay_edge_committed_to_served_seconds_count{topic=\"belay.rollouts.v1\"}");
        Rollback rollback = rollback("measured", 1, RollbackTarget.ALL);
        publish(Topics.ROLLBACKS, rollback.recordKey(), rollback);
        publish(Topics.ROLLBACKS, rollback.recordKey(), rollback);
        awaitVariant("measured", "off");
        raised("after-measured");
        assertThat(metric("belay_edge_rollback_to_off_seconds_count"))
                .as("what was out already is not measured again")
                .isEqualTo(before + 1);
        assertThat(metric("belay_edge_rollback_to_off_seconds_sum")).isLessThan(60 * (before + 1));
        assertThat(metric("belay_edge_committed_to_served_seconds_count{topic=\"belay.rollouts.v1\"}"))
                .isGreaterThan(committed);
        assertThat(metrics())
                .contains(
                        "belay_edge_rollback_to_off_seconds_bucket{le=",
                        "belay_edge_evidence_to_off_seconds_bucket{le=");
    }

    @Test
    void aRollbackOfAnEarlierRunHolds() {
        publish(Topics.ROLLOUTS, "shop/production/remembered", rollout("remembered", 1, 3, 100));
        publish(Topics.FLAGS, "shop/production/remembered", definition("remembered", 1));
        await().atMost(PATIENCE).until(() -> reports.stream()
                .anyMatch(report -> report.flag().equals("remembered") && report.rollout() == 3));
        assertThat(evaluate("remembered", "u1").jsonPath().getString("variant")).isEqualTo("off");
    }

    @Test
    void whatARestartWithoutKafkaNeedsIsOnDisk() {
        raised("kept");
        LastKnownGood files = new LastKnownGood(
                Path.of(ConfigProvider.getConfig().getValue("belay.edge.last-known-good", String.class)));
        await().atMost(PATIENCE).until(() -> files.flags().orElse(List.of()).stream()
                .anyMatch(flag -> flag.ref().flag().equals("kept") && flag.rollout() != null));
        await().atMost(PATIENCE).until(() -> files.keys().map(List::size).orElse(0) >= 4);
    }

    @Test
    void aBulkEvaluationIsNoExposureAndHasATagOfWhatItSays() {
        raised("bulk");
        Response first = bulk("u1", "none");
        String tag = first.header("ETag");
        assertThat(first.statusCode()).isEqualTo(200);
        assertThat(first.jsonPath().getList("flags.key")).contains("bulk");
        assertThat(bulk("u1", tag).statusCode()).isEqualTo(304);
        publish(Topics.FLAGS, "shop/production/another", definition("another", 1));
        awaitVariant("another", "off");
        assertThat(bulk("u1", tag).statusCode()).isEqualTo(200);
        assertThat(exposures).noneMatch(exposure -> exposure.flag().equals("bulk"));
    }

    @Test
    void errorsAreOfrepErrors() {
        Response unknown = evaluate("no/such flag", "u1");
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(unknown.jsonPath().getString("errorCode")).isEqualTo("FLAG_NOT_FOUND");
        assertThat(unknown.jsonPath().getString("key")).isEqualTo("no/such flag");

        raised("hashed");
        Response keyless = as(serverKey).body("{\"context\":{}}").post("/ofrep/v1/evaluate/flags/hashed");
        assertThat(keyless.statusCode()).isEqualTo(400);
        assertThat(keyless.jsonPath().getString("errorCode")).isEqualTo("TARGETING_KEY_MISSING");

        Response broken = as(serverKey).body("{").post("/ofrep/v1/evaluate/flags/hashed");
        assertThat(broken.statusCode()).isEqualTo(400);
        assertThat(broken.jsonPath().getString("errorCode")).isEqualTo("PARSE_ERROR");

        Response stranger = as("bly_none").body("{\"context\":{}}").post("/ofrep/v1/evaluate/flags/hashed");
        assertThat(stranger.statusCode()).isEqualTo(401);
        assertThat(stranger.jsonPath().getString("errorCode")).isEqualTo("GENERAL");
        assertThat(stranger.jsonPath().getString("key")).isEqualTo("hashed");
    }

    @Test
    void aClientThatOffersHttp2IsAnswered() throws IOException, InterruptedException {
        raised("upgraded");
        HttpRequest request = HttpRequest.newBuilder(address.resolve("/ofrep/v1/evaluate/flags/upgraded"))
                .header("X-API-Key", clientKey)
                .header("Content-Type", "application/json; charset=utf-8")
                .POST(HttpRequest.BodyPublishers.ofString("{\"context\":{\"targetingKey\":\"u1\"}}"))
                .build();
        HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
        HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("\"variant\":\"on\"");
    }

    @Test
    void eventsAreAcceptedOneByOne() {
        raised("events");
        String body = "{\"type\":\"outcome\",\"id\":\"o-1\",\"event\":\"purchase\",\"unit\":\"u1\",\"value\":3}\n"
                + "{\"type\":\"outcome\",\"event\":\"purchase\"}\n"
                + "{\"type\":\"exposure\",\"id\":\"e-1\",\"flag\":\"events\",\"unit\":\"u1\",\"variant\":\"on\"}\n"
                + "not json\n";
        Response answer = as(clientKey)
                .contentType("application/x-ndjson")
                .body(body.getBytes(StandardCharsets.UTF_8))
                .post("/api/v1/events");
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(202);
        assertThat(answer.jsonPath().getInt("accepted")).isEqualTo(2);
        assertThat(answer.jsonPath().getList("refused.index")).containsExactly(1, 3);
        assertThat(answer.jsonPath().getList("refused.field")).containsExactly("id", "event");
        await().atMost(PATIENCE)
                .until(() -> outcomes.stream().anyMatch(outcome -> outcome.id().equals("o-1")));
        await().atMost(PATIENCE).until(() -> exposures.stream()
                .anyMatch(exposure -> exposure.id().equals("e-1") && exposure.epoch() == 1));
    }

    @Test
    void aClientMayNotStateAssignments() {
        raised("stated");
        String event = "[{\"type\":\"exposure\",\"id\":\"s-1\",\"flag\":\"stated\",\"unit\":\"u1\",\"variant\":\"off\","
                + "\"epoch\":1,\"allocation\":1,\"clause\":\"rest\"}]";
        assertThat(as(clientKey).body(event).post("/api/v1/events").jsonPath().getInt("accepted"))
                .isZero();
        assertThat(as(serverKey).body(event).post("/api/v1/events").jsonPath().getInt("accepted"))
                .isEqualTo(1);
    }

    @Test
    void aStreamTellsOfEveryChange() {
        raised("streamed");
        Queue<String> lines = new ConcurrentLinkedQueue<>();
        HttpRequest request = HttpRequest.newBuilder(address.resolve("/api/v1/stream"))
                .header("Authorization", "Bearer " + clientKey)
                .build();
        var open = HttpClient.newHttpClient()
                .sendAsync(request, HttpResponse.BodyHandlers.ofLines())
                .thenAccept(response -> response.body().forEach(lines::add));
        await().atMost(PATIENCE).until(() -> !lines.isEmpty());
        publish(Topics.ROLLOUTS, "shop/production/streamed", rollout("streamed", 1, 2, 100));
        await().atMost(PATIENCE).until(() -> lines.stream()
                .anyMatch(line -> line.startsWith("data:")
                        && line.contains("\"flag\":\"streamed\"")
                        && line.contains("refetchEvaluation")));
        open.cancel(true);
    }

    private static String metrics() {
        return given().get("/q/metrics").asString();
    }

    /** Sums what several tests in one application have left. */
    private static double metric(String name) {
        return metrics()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .sum();
    }

    private void raised(String flag) {
        publish(Topics.FLAGS, "shop/production/" + flag, definition(flag, 1));
        publish(Topics.ROLLOUTS, "shop/production/" + flag, rollout(flag, 1, 1, 99.999));
        await().atMost(PATIENCE).until(() -> reports.stream()
                .anyMatch(report -> report.flag().equals(flag) && report.rollout() > 0 && report.definition() > 0));
    }

    private void awaitVariant(String flag, String variant) {
        await().atMost(PATIENCE)
                .until(() -> variant.equals(evaluate(flag, "waiting").jsonPath().getString("variant")));
    }

    private List<Exposure> exposures(String flag, String unit) {
        return exposures.stream()
                .filter(exposure -> exposure.flag().equals(flag))
                .filter(exposure -> exposure.unit().id().equals(unit))
                .toList();
    }

    private Response evaluate(String flag, String unit) {
        return as(serverKey)
                .body("{\"context\":{\"targetingKey\":\"" + unit + "\",\"country\":\"DE\"}}")
                .post("/ofrep/v1/evaluate/flags/{key}", flag);
    }

    private Response bulk(String unit, String tag) {
        return as(clientKey)
                .header("If-None-Match", tag)
                .body("{\"context\":{\"targetingKey\":\"" + unit + "\"}}")
                .post("/ofrep/v1/evaluate/flags");
    }

    private static RequestSpecification as(String key) {
        return given().header("Authorization", "Bearer " + key)
                .header("X-Belay-Project", "shop")
                .header("X-Belay-Environment", "production")
                .contentType("application/json");
    }

    private <V> void publish(Topic<V> topic, String key, V value) {
        try {
            publisher.publish(topic, key, value, key).toCompletableFuture().get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
