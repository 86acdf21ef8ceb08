// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge.events;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeoutException;
import java.util.zip.GZIPOutputStream;

import dev.belay.contracts.Topics;
import dev.belay.contracts.events.Outcome;
import dev.belay.edge.BrokerResource;
import dev.belay.edge.Edge;
import dev.belay.kafka.KafkaSettings;
import dev.belay.kafka.RecordView;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static dev.belay.edge.Edge.as;
import static dev.belay.edge.Edge.inShop;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The event API's edges: forms of bodies, refusals, limits. */
@QuarkusTest
@WithTestResource(BrokerResource.class)
class EventsIT {
    private static final String EVENTS = "/api/v1/events";

    @TestHTTPResource
    URI address;

    private final Queue<Outcome> outcomes = new ConcurrentLinkedQueue<>();
    private RecordView<Outcome> view;

    @BeforeEach
    void watchOutcomes() throws TimeoutException {
        Edge.awaitReady();
        view = RecordView.start(
                KafkaSettings.configured(), "test", Topics.OUTCOMES, (key, value, at) -> outcomes.add(value));
        view.awaitCaughtUp(Edge.PATIENCE);
    }

    @AfterEach
    void close() {
        view.close();
    }

    @Test
    void nothingIsAcceptedAsNothing() {
        Response answer = inShop("client").body("[]").post(EVENTS);
        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(answer.asString()).isEqualTo("{\"accepted\":0,\"refused\":[]}");
    }

    @Test
    void everyRefusalSaysIndexFieldRuleAndValue() {
        Response answer = inShop("client")
                .body("[7," + outcome("a-1") + ",{\"type\":\"outcome\",\"event\":\"e\"}]")
                .post(EVENTS);
        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(answer.jsonPath().getInt("accepted")).isEqualTo(1);
        assertThat(answer.asString())
                .contains(
                        "{\"index\":0,\"field\":\"event\",\"rule\":\"must be a JSON object\",\"value\":\"7\"}",
                        "{\"index\":2,\"field\":\"id\",\"rule\":\"must be a string that is not blank\",\"value\":null}");
        awaitWritten("a-1");
    }

    @Test
    void whatWasPackedIsUnpacked() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write((outcome("g-1") + "\r\n\r\n" + outcome("g-2")).getBytes(StandardCharsets.UTF_8));
        }
        Response answer = inShop("client")
                .contentType("application/x-ndjson")
                .header("Content-Encoding", "gzip")
                .body(packed.toByteArray())
                .post(EVENTS);
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(202);
        assertThat(answer.jsonPath().getInt("accepted")).isEqualTo(2);
        awaitWritten("g-2");
    }

    @Test
    void noContentTypeIsNeeded() throws IOException, InterruptedException {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(address.resolve(EVENTS))
                                .header("X-API-Key", Edge.key("client"))
                                .POST(HttpRequest.BodyPublishers.ofString(outcome("n-1")))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        assertThat(answer.body()).contains("\"accepted\":1");
    }

    @Test
    void aKeyForEventsSendsEventsAndAsksNothing() {
        assertThat(inShop("events")
                        .body("[" + outcome("k-1") + "]")
                        .post(EVENTS)
                        .jsonPath()
                        .getInt("accepted"))
                .isEqualTo(1);
        assertThat(inShop("events")
                        .body("{\"context\":{}}")
                        .post("/ofrep/v1/evaluate/flags")
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void aRepeatWithinARequestIsWrittenOnce() {
        Response answer = inShop("client")
                .body("[" + outcome("r-1") + "," + outcome("r-1") + "," + outcome("r-2") + "]")
                .post(EVENTS);
        assertThat(answer.jsonPath().getInt("accepted")).isEqualTo(3);
        awaitWritten("r-2");
        assertThat(outcomes).filteredOn(outcome -> outcome.id().equals("r-1")).hasSize(1);
    }

    @Test
    void tooMuchIsAProblem() {
        for (int size : new int[] {1_000_001, 11_000_000}) {
            Response answer = inShop("client").body(" ".repeat(size)).post(EVENTS);
            assertThat(answer.statusCode()).isEqualTo(413);
            assertThat(answer.contentType()).isEqualTo("application/problem+json");
            assertThat(answer.jsonPath().getString("code")).isEqualTo("too-large");
        }
    }

    @Test
    void tooMuchIsAProblemAlsoWhenNobodySaidHowMuch() throws IOException, InterruptedException {
        for (String path : List.of(EVENTS, "/batch", "/api/v1/sentry/web")) {
            for (int size : new int[] {6_000_001, 11_000_000}) {
                HttpResponse<String> answer = chunked(path, " ".repeat(size));
                assertThat(answer.statusCode()).as(path + " " + size).isEqualTo(413);
                assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
                assertThat(answer.body()).contains("\"code\":\"too-large\"");
            }
        }
        String flags = "/ofrep/v1/evaluate/flags/x";
        assertThat(chunked(flags, " ".repeat(11_000_000)).body())
                .contains("\"key\":\"x\"", "\"errorCode\":\"GENERAL\"");
        assertThat(inShop("client").body(" ".repeat(11_000_000)).post(flags).asString())
                .contains("\"key\":\"x\"", "\"errorCode\":\"GENERAL\"");
    }

    @Test
    void aBodyOfUnknownLengthIsRead() throws IOException, InterruptedException {
        HttpResponse<String> answer = chunked(EVENTS, "[" + outcome("c-1") + " ".repeat(100_000) + "]");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        awaitWritten("c-1");
    }

    @Test
    void whatCannotBeReadIsAProblem() {
        Response broken = inShop("client").body("[{").post(EVENTS);
        assertThat(broken.statusCode()).isEqualTo(400);
        assertThat(broken.contentType()).isEqualTo("application/problem+json");
        assertThat(broken.jsonPath().getString("code")).isEqualTo("unreadable");
        Response encoded =
                inShop("client").header("Content-Encoding", "br").body("[]").post(EVENTS);
        assertThat(encoded.statusCode()).isEqualTo(415);
    }

    @Test
    void aKeyReachesNoOtherProjectOrEnvironment() {
        assertThat(inShop("stranger").body("[]").post(EVENTS).statusCode()).isEqualTo(403);
        assertThat(as("client")
                        .header("X-Belay-Environment", "staging")
                        .body("[]")
                        .post(EVENTS)
                        .statusCode())
                .isEqualTo(403);
        Response elsewhere = as("client")
                .body("[{\"type\":\"outcome\",\"id\":\"p\",\"event\":\"e\",\"project\":\"other\"}]")
                .post(EVENTS);
        assertThat(elsewhere.jsonPath().getList("refused.field")).containsExactly("project");
        assertThat(as("server").body("[]").post(EVENTS).statusCode())
                .as("a key without limits must say where")
                .isEqualTo(400);
    }

    private HttpResponse<String> chunked(String path, String body) throws IOException, InterruptedException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .build()
                .send(
                        HttpRequest.newBuilder(address.resolve(path))
                                .header("X-API-Key", Edge.key("client"))
                                .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes)))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    private void awaitWritten(String id) {
        await().atMost(Edge.PATIENCE)
                .until(() -> outcomes.stream().anyMatch(outcome -> outcome.id().equals(id)));
    }

    private static String outcome(String id) {
        return "{\"type\":\"outcome\",\"id\":\"" + id + "\",\"event\":\"purchase\",\"unit\":\"u1\"}";
    }
}
