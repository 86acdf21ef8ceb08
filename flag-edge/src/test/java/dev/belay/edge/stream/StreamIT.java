// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge.stream;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

import dev.belay.contracts.Topics;
import dev.belay.contracts.flags.Segment;
import dev.belay.contracts.keys.ApiKey;
import dev.belay.contracts.keys.Scope;
import dev.belay.contracts.rollbacks.Rollback;
import dev.belay.contracts.rollbacks.RollbackTarget;
import dev.belay.edge.BrokerResource;
import dev.belay.edge.Edge;
import dev.belay.edge.EdgeFacts;
import dev.belay.http.KeyText;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static dev.belay.edge.Edge.as;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

@QuarkusTest
@WithTestResource(BrokerResource.class)
class StreamIT {
    private static final String STREAM = "/api/v1/stream";

    /** Seconds after a key has ended. */
    private static final Duration END = Duration.ofSeconds(10);

    @TestHTTPResource
    URI address;

    private final Edge edge = new Edge();

    /** A connection, and what came over it. */
    private record Connection(
            CompletableFuture<HttpResponse<Void>> exchange,
            Queue<String> lines,
            CompletableFuture<HttpResponse.ResponseInfo> head)
            implements AutoCloseable {
        void awaitLine(String... parts) {
            await().atMost(Edge.PATIENCE).until(() -> lines.stream()
                    .anyMatch(line -> List.of(parts).stream().allMatch(line::contains)));
        }

        String lastId() {
            return lines.stream()
                    .filter(line -> line.startsWith("id:"))
                    .reduce((before, after) -> after)
                    .orElseThrow()
                    .substring("id:".length())
                    .strip();
        }

        @Override
        public void close() {
            exchange.cancel(true);
        }
    }

    @BeforeEach
    void awaitReady() {
        Edge.awaitReady();
    }

    @AfterEach
    void close() {
        edge.close();
    }

    @Test
    void aQuietStreamShowsThatItIsAlive() {
        try (Connection stream = connect("client", null)) {
            await().atMost(Edge.PATIENCE)
                    .until(() -> stream.lines().stream()
                                    .filter(line -> line.startsWith(":"))
                                    .count()
                            > 2);
            assertThat(stream.head().join().headers().firstValue("Cache-Control"))
                    .contains("no-cache");
        }
    }

    @Test
    void aReaderThatComesBackGetsWhatItMissed() {
        edge.publish(EdgeFacts.definition("resumed", 1));
        String seen;
        try (Connection stream = connect("client", null)) {
            stream.awaitLine("id:");
            seen = stream.lastId();
        }
        edge.publish(EdgeFacts.definition("resumed", 2));
        try (Connection stream = connect("client", seen)) {
            stream.awaitLine("data:", "\"flag\":\"resumed\"", "\"definition\":2");
            seen = stream.lastId();
        }
        edge.publish(EdgeFacts.definition("resumed", 3));
        try (Connection stream = connect("client", seen)) {
            stream.awaitLine("data:", "\"flag\":\"resumed\"", "\"definition\":3");
            assertThat(stream.lines()).noneMatch(line -> line.contains("\"definition\":2"));
        }
    }

    @Test
    void aReaderFromElsewhereIsToldToFetchEverything() {
        try (Connection stream = connect("client", "another-edge-7")) {
            stream.awaitLine("data:", "\"type\":\"refetchEvaluation\"", "\"environment\":\"production\"}");
        }
    }

    @Test
    void aSegmentThatChangesIsAChange() {
        try (Connection stream = connect("client", null)) {
            stream.awaitLine("alive");
            Segment segment =
                    new Segment("shop", "streamed", 1, null, "user", List.of(), List.of("u1"), 0, null, EdgeFacts.NOW);
            edge.publish(Topics.SEGMENTS, segment.key(), segment);
            stream.awaitLine("data:", "refetchEvaluation", "\"segment\":\"streamed\"");
        }
    }

    @Test
    void aBulkEvaluationGivesAnAddressThatNeedsNoHeader() {
        String uri = Edge.inShop("client")
                .body("{\"context\":{\"targetingKey\":\"u1\"}}")
                .post("/ofrep/v1/evaluate/flags")
                .path("eventStreams[0].endpoint.requestUri");
        try (Connection stream = connect(HttpRequest.newBuilder(address.resolve(uri)))) {
            stream.awaitLine("alive");
            edge.publish(EdgeFacts.definition("by-token", 1));
            stream.awaitLine("data:", "\"flag\":\"by-token\"");
        }
        String forged = uri.substring(0, uri.length() - 2) + (uri.endsWith("AA") ? "BB" : "AA");
        given().urlEncodingEnabled(false).get(forged).then().statusCode(401).body("code", equalTo("unauthorized"));
        given().get(STREAM).then().statusCode(401);
        assertThat(Edge.inShop("events").get(STREAM).statusCode())
                .as("a key that only sends events")
                .isEqualTo(403);
    }

    @Test
    void nobodyHearsOfOtherProjects() {
        try (Connection other = connect("stranger", null);
                Connection own = connect("client", null)) {
            other.awaitLine("alive");
            own.awaitLine("alive");
            edge.publish(EdgeFacts.definition("private", 1));
            own.awaitLine("\"flag\":\"private\"");
            int signs = other.lines().size();
            await().atMost(Edge.PATIENCE).until(() -> other.lines().size() > signs);
            assertThat(other.lines()).noneMatch(line -> line.contains("private"));
        }
        assertThat(as("client")
                        .header("X-Belay-Environment", "staging")
                        .get(STREAM)
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void aStreamEndsWithItsKey() {
        KeyText text = KeyText.generate();
        ApiKey key = EdgeFacts.key(text, 1, Scope.CLIENT, "shop", "production");
        edge.publish(Topics.KEYS, key.id(), key);
        String uri = awaitStreamOf(text);
        try (Connection byHeader = connect(request(text));
                Connection byToken = connect(HttpRequest.newBuilder(address.resolve(uri)));
                Connection other = connect("client", null)) {
            byHeader.awaitLine("alive");
            byToken.awaitLine("alive");
            edge.publish(Topics.KEYS, key.id(), EdgeFacts.revoked(key));
            await().atMost(END)
                    .until(() ->
                            byHeader.exchange().isDone() && byToken.exchange().isDone());
            assertThat(byHeader.exchange()).as("an end, not a break").isCompleted();
            assertThat(other.exchange()).isNotDone();
        }
    }

    @Test
    void aStreamEndsWhenItsKeyIsOver() {
        KeyText text = KeyText.generate();
        ApiKey key = EdgeFacts.expiring(
                EdgeFacts.key(text, 1, Scope.CLIENT, "shop", "production"),
                Instant.now().plusSeconds(3));
        edge.publish(Topics.KEYS, key.id(), key);
        awaitStreamOf(text);
        try (Connection stream = connect(request(text))) {
            stream.awaitLine("alive");
            await().atMost(END).until(() -> stream.exchange().isDone());
            assertThat(stream.exchange()).isCompleted();
        }
    }

    @Test
    void aClientThatAsksAgainHasSeenTheRollback() {
        edge.publish(EdgeFacts.definition("seen", 1));
        edge.publish(EdgeFacts.rollout("seen", 1, 1, 100));
        await().atMost(Edge.PATIENCE)
                .until(() -> "on".equals(Edge.evaluate("seen", "u1").path("variant")));
        try (Connection stream = connect("client", null)) {
            stream.awaitLine("alive");
            Rollback rollback = EdgeFacts.rollback("seen", 1, RollbackTarget.ALL);
            edge.publish(Topics.ROLLBACKS, rollback.recordKey(), rollback);
            stream.awaitLine("data:", "\"flag\":\"seen\"", "\"out\":[\"all\"]", "\"etag\":\"");
            double before = count("belay_edge_off_to_seen_seconds_count");
            Edge.inShop("client")
                    .queryParam("flagConfigEtag", "\"" + stream.lastId() + "\"")
                    .body("{\"context\":{\"targetingKey\":\"u1\"}}")
                    .post("/ofrep/v1/evaluate/flags")
                    .then()
                    .statusCode(200);
            assertThat(count("belay_edge_off_to_seen_seconds_count")).isEqualTo(before + 1);
            await().atMost(Edge.PATIENCE).until(() -> count("belay_edge_off_to_stream_seconds_count") >= 1);
        }
    }

    private static double count(String name) {
        return given().get("/q/metrics")
                .asString()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .sum();
    }

    /** Waits until the key is known, and returns an address it opens. */
    private static String awaitStreamOf(KeyText key) {
        return await().atMost(Edge.PATIENCE)
                .until(
                        () -> given().header("Authorization", "Bearer " + key.text())
                                .contentType("application/json")
                                .body("{\"context\":{\"targetingKey\":\"u1\"}}")
                                .post("/ofrep/v1/evaluate/flags")
                                .path("eventStreams[0].endpoint.requestUri"),
                        Objects::nonNull);
    }

    private HttpRequest.Builder request(KeyText key) {
        return HttpRequest.newBuilder(address.resolve(STREAM)).header("Authorization", "Bearer " + key.text());
    }

    private Connection connect(String key, String lastEventId) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address.resolve(STREAM))
                .header("Authorization", "Bearer " + Edge.key(key))
                .header("X-Belay-Environment", "production");
        if (lastEventId != null) {
            request.header("Last-Event-ID", lastEventId);
        }
        return connect(request);
    }

    private static Connection connect(HttpRequest.Builder request) {
        Queue<String> lines = new ConcurrentLinkedQueue<>();
        CompletableFuture<HttpResponse.ResponseInfo> head = new CompletableFuture<>();
        CompletableFuture<HttpResponse<Void>> exchange = HttpClient.newHttpClient()
                .sendAsync(request.build(), info -> {
                    head.complete(info);
                    return HttpResponse.BodySubscribers.fromLineSubscriber(new Lines(lines));
                });
        return new Connection(exchange, lines, head);
    }
}
