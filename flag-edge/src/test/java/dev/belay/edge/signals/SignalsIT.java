// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge.signals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeoutException;
import java.util.zip.GZIPOutputStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

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
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.config.EncoderConfig;
import io.restassured.config.RestAssuredConfig;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** PostHog's and Sentry's requests, as they come over the wire, until they are on the topics. */
@QuarkusTest
@WithTestResource(BrokerResource.class)
class SignalsIT {
    private static final String WEB = "/api/v1/sentry/web";

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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/batch",
                "/batch/",
                "/e",
                "/e/",
                "/i/v0/e",
                "/i/v0/e/",
                "/capture",
                "/capture/",
                "/track",
                "/track/"
            })
    void everyAddressOfAPostHogClientTakesABatch(String path) {
        String id = "at" + path.replace('/', '-');
        Response answer = request()
                .contentType("application/json")
                .body("{\"api_key\":\"" + Edge.key("client") + "\",\"batch\":[" + event(id) + "]}")
                .post(path);
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
        assertThat(answer.asString()).isEqualTo("{\"status\":1}");
        assertThat(awaitOutcome(id).unit()).isEqualTo(Unit.user("u1"));
    }

    @Test
    void everyFormOfABodyIsTakenUnderEveryContentType() throws IOException {
        for (String type : List.of("text/plain", "application/x-www-form-urlencoded", "application/json")) {
            String one = event("form-" + type, "\"token\":\"" + Edge.key("client") + "\"");
            byte[][] bodies = {
                bytes("[" + one + "]"),
                bytes(one),
                packed(one),
                bytes("data=" + Base64.getUrlEncoder().encodeToString(bytes(one)))
            };
            for (byte[] body : bodies) {
                Response answer = request().contentType(type).body(body).post("/e/?ip=1&_=1795169153005&ver=1.2");
                assertThat(answer.statusCode()).as(type + answer.asString()).isEqualTo(200);
            }
            awaitOutcome("form-" + type);
        }
        Response encoded = request()
                .contentType("application/json")
                .header("Content-Encoding", "gzip")
                .body(packed(event("form-header", "\"token\":\"" + Edge.key("client") + "\"")))
                .post("/batch");
        assertThat(encoded.statusCode()).isEqualTo(200);
        awaitOutcome("form-header");
        Response inAddress = given().queryParam(
                        "data",
                        Base64.getEncoder()
                                .encodeToString(
                                        bytes(event("form-address", "\"token\":\"" + Edge.key("client") + "\""))))
                .get("/track/");
        assertThat(inAddress.statusCode()).as(inAddress.asString()).isEqualTo(200);
        awaitOutcome("form-address");
    }

    @Test
    void aBeaconWantsNoAnswer() {
        Response answer = request()
                .contentType("text/plain")
                .body(event("beacon", "\"token\":\"" + Edge.key("client") + "\""))
                .post("/e/?beacon=1");
        assertThat(answer.statusCode()).isEqualTo(204);
        assertThat(answer.asString()).isEmpty();
        awaitOutcome("beacon");
    }

    @Test
    void aPageOfAnotherOriginMaySend() {
        Response answer = request()
                .contentType("text/plain")
                .header("Origin", "https://shop.example")
                .body(event("page", "\"token\":\"" + Edge.key("client") + "\""))
                .post("/e/");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.header("Access-Control-Allow-Origin")).isEqualTo("*");
        assertThat(given().header("Origin", "https://shop.example")
                        .options("/batch/")
                        .statusCode())
                .isEqualTo(204);
    }

    @Test
    void withoutAGoodKeyNothingIsTaken() {
        assertThat(posted("{\"api_key\":\"phc_somebody_elses\",\"batch\":[" + event("k1") + "]}"))
                .isEqualTo(401);
        assertThat(posted("{\"batch\":[" + event("k2") + "]}")).isEqualTo(401);
        assertThat(posted(batch("server", event("k3"))))
                .as("a key that is limited to no environment, and nobody says which")
                .isEqualTo(400);
        assertThat(posted("{\"api_key\":")).isEqualTo(400);
        assertThat(posted(batch("client", event("k4")))).isEqualTo(200);
        awaitOutcome("k4");
        assertThat(outcomes).noneMatch(outcome -> List.of("k1", "k2", "k3").contains(outcome.id()));
    }

    @Test
    void poisonInABatchLosesNothingElseAndIsCounted() {
        double refused = count("posthog", "refused");
        String batch = event("p1") + ",7,null,[],{},{\"event\":\"e\"},"
                + "{\"event\":\"e\",\"distinct_id\":\"u1\",\"timestamp\":\"2001-01-01T00:00:00Z\"},"
                + event("p-stranger", "\"token\":\"" + Edge.key("stranger") + "\"") + "," + event("p2");
        assertThat(posted(batch("client", batch))).isEqualTo(200);
        awaitOutcome("p1");
        awaitOutcome("p2");
        assertThat(count("posthog", "refused")).isEqualTo(refused + 7);
        assertThat(outcomes).noneMatch(outcome -> outcome.id().equals("p-stranger"));
    }

    @Test
    void aClockAheadIsSetRightAndABacklogKeepsItsTimes() {
        Instant now = Instant.now();
        Instant theirs = now.plusSeconds(3_600);
        String batch = "{\"event\":\"e\",\"distinct_id\":\"u1\",\"uuid\":\"ahead\",\"timestamp\":\"" + theirs + "\"},"
                + "{\"event\":\"e\",\"distinct_id\":\"u1\",\"uuid\":\"backlog\",\"timestamp\":\""
                + theirs.minusSeconds(3_000) + "\"}";
        assertThat(posted("{\"api_key\":\"" + Edge.key("client") + "\",\"batch\":[" + batch + "],\"sent_at\":\""
                        + theirs + "\"}"))
                .isEqualTo(200);
        assertThat(awaitOutcome("ahead").at()).isBetween(now.minusSeconds(1), Instant.now());
        assertThat(awaitOutcome("backlog").at())
                .isBetween(now.minusSeconds(3_001), Instant.now().minusSeconds(2_999));
    }

    @Test
    void whatIsSentAgainHasTheSameId() {
        assertThat(posted(batch("client", event("again")))).isEqualTo(200);
        assertThat(posted(batch("client", event("again") + "," + event("again"))))
                .isEqualTo(200);
        assertThat(posted(batch("client", event("after-again")))).isEqualTo(200);
        awaitOutcome("after-again");
        assertThat(outcomes).filteredOn(outcome -> outcome.id().equals("again")).hasSize(2);
    }

    @Test
    void aFlagThatWasCalledIsAnExposureOnceForEachPerson() {
        edge.publish(EdgeFacts.definition("called", 1));
        edge.publish(EdgeFacts.rollout("called", 1, 1, 99.999));
        await().atMost(Edge.PATIENCE)
                .until(() -> "on".equals(Edge.evaluate("called", "u1").path("variant")));
        assertThat(posted(batch("client", called("c1", "u1", "true") + "," + called("c2", "u2", "false"))))
                .isEqualTo(200);
        assertThat(posted(batch("client", called("c3", "u1", "true")))).isEqualTo(200);
        Exposure stamped = awaitExposure("c1");
        assertThat(stamped.epoch()).isEqualTo(1);
        assertThat(stamped.clause()).isEqualTo("rest");
        assertThat(stamped.bucket()).isNotNull();
        assertThat(awaitExposure("c2").epoch()).as("another variant").isZero();
        assertThat(awaitExposure("c3").epoch()).as("seen before").isZero();
    }

    @Test
    void aSentryErrorIsAnOutcomeOnceHoweverOftenItIsReported() {
        String error = "{\"event_id\":\"s-1\",\"environment\":\"prod\",\"level\":\"error\","
                + "\"tags\":[[\"belay.unit\",\"u1\"],[\"belay.flag.called\",\"on\"]]}";
        assertThat(hook("error", "{\"action\":\"created\",\"data\":{\"error\":" + error + "}}")
                        .statusCode())
                .isEqualTo(202);
        assertThat(hook("event_alert", "{\"action\":\"triggered\",\"data\":{\"event\":" + error + "}}")
                        .statusCode())
                .isEqualTo(202);
        Outcome outcome = awaitOutcome("s-1");
        assertThat(outcome.event()).isEqualTo("sentry-error");
        assertThat(outcome.unit()).isEqualTo(Unit.user("u1"));
        assertThat(outcome.recordKey()).isEqualTo("shop/production/user:u1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"installation", "issue", "metric_alert", "comment", "activity_alert", "error"})
    void everythingElseOfSentryIsAnsweredAndNotUsed(String resource) {
        Response answer = hook(resource, "{\"action\":\"critical\",\"data\":{\"metric_alert\":{\"id\":1}}}");
        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(answer.jsonPath().getInt("accepted")).isZero();
    }

    @Test
    void errorsOfOtherEnvironmentsAreNotCounted() {
        Response answer = hook(
                "error",
                "{\"data\":{\"error\":{\"event_id\":\"s-2\",\"environment\":\"staging\",\"user\":{\"id\":1}}}}");
        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(answer.jsonPath().getInt("accepted")).isZero();
    }

    @Test
    void whatSentryDidNotSignIsRefusedAndCounted() {
        double before = count("sentry", "bad-signature");
        String body = "{\"data\":{\"error\":{\"event_id\":\"s-3\"}}}";
        String good = sign(body);
        String now = Long.toString(Instant.now().getEpochSecond());
        for (String signature : List.of("", "00", good.substring(1) + "0", good.replace(good.charAt(0), 'x'))) {
            assertThat(hook("error", body, signature, now).statusCode()).isEqualTo(401);
        }
        assertThat(hook("error", body + " ", good, now).statusCode()).isEqualTo(401);
        assertThat(given().body(body).post(WEB).statusCode()).isEqualTo(401);
        assertThat(count("sentry", "bad-signature")).isEqualTo(before + 6);
        assertThat(hook("error", body, good, Long.toString(Instant.now().getEpochSecond() - 600))
                        .statusCode())
                .isEqualTo(401);
        assertThat(hook("error", body, good, "soon").statusCode()).isEqualTo(401);
        assertThat(given().body(body).post("/api/v1/sentry/unknown").statusCode())
                .isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "7", "{\"data\":{\"error\":{}}}", "{\"data\":{\"error\":{\"event_id\":1}}}"})
    void whatIsSignedAndCannotBeReadIsRefused(String body) {
        Response answer = hook("error", body);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.contentType()).isEqualTo("application/problem+json");
    }

    private static RequestSpecification request() {
        return given().config(RestAssuredConfig.config()
                .encoderConfig(EncoderConfig.encoderConfig()
                        .appendDefaultContentCharsetToContentTypeIfUndefined(false)
                        .encodeContentTypeAs("application/x-www-form-urlencoded", ContentType.BINARY)));
    }

    private static int posted(String body) {
        return request()
                .contentType("application/json")
                .body(body)
                .post("/batch/")
                .statusCode();
    }

    private static String batch(String key, String events) {
        return "{\"api_key\":\"" + Edge.key(key) + "\",\"batch\":[" + events + "]}";
    }

    private static String event(String id) {
        return event(id, "");
    }

    private static String event(String id, String properties) {
        return "{\"event\":\"purchase\",\"distinct_id\":\"u1\",\"uuid\":\"" + id + "\",\"properties\":{" + properties
                + "}}";
    }

    private static String called(String id, String unit, String response) {
        return "{\"event\":\"$feature_flag_called\",\"distinct_id\":\"" + unit + "\",\"uuid\":\"" + id
                + "\",\"properties\":{\"$feature_flag\":\"called\",\"$feature_flag_response\":" + response + "}}";
    }

    private static Response hook(String resource, String body) {
        return hook(resource, body, sign(body), Long.toString(Instant.now().getEpochSecond()));
    }

    private static Response hook(String resource, String body, String signature, String timestamp) {
        return given().header("Sentry-Hook-Resource", resource)
                .header("Sentry-Hook-Timestamp", timestamp)
                .header("Sentry-Hook-Signature", signature)
                .header("Request-ID", "r-1")
                .contentType("application/json")
                .body(bytes(body))
                .post(WEB);
    }

    private static String sign(String body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(bytes(BrokerResource.SENTRY_SECRET), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(bytes(body)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static double count(String source, String result) {
        String name = "belay_edge_signals_total{result=\"" + result + "\",source=\"" + source + "\"} ";
        return given().get("/q/metrics")
                .asString()
                .lines()
                .filter(line -> line.startsWith(name))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length())))
                .sum();
    }

    private Outcome awaitOutcome(String id) {
        await().atMost(Edge.PATIENCE)
                .until(() -> outcomes.stream().anyMatch(outcome -> outcome.id().equals(id)));
        return outcomes.stream()
                .filter(outcome -> outcome.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private Exposure awaitExposure(String id) {
        await().atMost(Edge.PATIENCE).until(() -> exposures.stream()
                .anyMatch(exposure -> exposure.id().equals(id)));
        return exposures.stream()
                .filter(exposure -> exposure.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] packed(String text) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(bytes(text));
        }
        return packed.toByteArray();
    }
}
