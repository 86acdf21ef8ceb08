// SPDX-License-Identifier: Apache-2.0
package dev.belay.watcher;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.belay.contracts.Json;
import dev.belay.contracts.Topics;
import dev.belay.contracts.Unit;
import dev.belay.contracts.events.Exposure;
import dev.belay.contracts.events.Outcome;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.verdicts.Decision;
import dev.belay.contracts.verdicts.Evidence;
import dev.belay.contracts.verdicts.Verdict;
import dev.belay.kafka.KafkaSettings;
import dev.belay.kafka.RecordPublisher;
import dev.belay.kafka.RecordView;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The service on a real broker. */
@QuarkusTest
@QuarkusTestResource(BrokerResource.class)
class WatcherIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String brokers;

    @ConfigProperty(name = "test.key.admin")
    String key;

    private RecordPublisher publisher;
    private final List<CompletionStage<Void>> sent = new ArrayList<>();
    private final List<Verdict> verdicts = new CopyOnWriteArrayList<>();
    private RecordView<Verdict> view;

    @BeforeEach
    void open() {
        KafkaSettings settings = new KafkaSettings(brokers, "");
        publisher = new RecordPublisher(settings, "test");
        view = RecordView.start(settings, "test", Topics.VERDICTS, (flag, verdict, at) -> verdicts.add(verdict));
        await().atMost(PATIENCE).until(() -> given().get("/q/health/ready").statusCode() == 200);
    }

    @AfterEach
    void close() {
        view.close();
        publisher.close();
    }

    @Test
    void eventsBecomeEvidenceAndABreachWhateverStandsBetweenThem() {
        String flag = "broken";
        RolloutState rollout = RolloutSamples.half(flag);
        publish(exposure(rollout, "early", false));
        publish(rollout);
        poison();
        for (int i = 0; i < 2_000; i++) {
            boolean treated = i % 2 == 0;
            publish(exposure(rollout, "u" + i, treated));
            if (i % 10 == 1 || i % 20 == 0) {
                publish(outcome("u" + i));
            }
        }
        drain();

        Evidence evidence = evidence(flag);
        assertThat(evidence.control().exposed()).isEqualTo(1_001);
        assertThat(evidence.treatment().exposed()).isEqualTo(1_000);
        assertThat(evidence.control().events()).isEqualTo(200);
        assertThat(evidence.treatment().events()).isEqualTo(100);
        assertThat(blocks(flag).getList("items.sC", Integer.class).stream()
                        .mapToInt(each -> each)
                        .sum())
                .isEqualTo(200);
        assertThat(blocks(flag).getInt("items[-1].nC")).isEqualTo(1_001);
        assertThat(blocks(flag).getInt("items[-1].stratum")).isZero();
        assertThat(report("level=0.05").jsonPath().getList("reported.flag")).contains(flag);
        assertThat(report("level=0.05").jsonPath().getInt("considered")).isPositive();
        assertThat(report("level=5").statusCode()).isEqualTo(400);
        assertThat(report("level=much").statusCode()).isEqualTo(400);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(verdicts)
                .anyMatch(each -> each.flag().equals(flag) && each.decision() == Decision.BREACHED));
        assertThat(given().get("/q/metrics").asString())
                .contains("belay_watcher_evidence_to_verdict_seconds_bucket{le=\"0.005\"}")
                .contains("belay_watcher_evidence_to_verdict_seconds_count 1")
                .contains("belay_watcher_lag_seconds_bucket{le=\"30.0\"}");
    }

    @Test
    void theSameEventsAgainChangeNothing() {
        String flag = "steady";
        RolloutState rollout = RolloutSamples.half(flag);
        publish(rollout);
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 200; i++) {
                publish(exposure(rollout, "s" + i, i % 2 == 0));
            }
        }
        drain();

        assertThat(evidence(flag).control().exposed()).isEqualTo(100);
        assertThat(evidence(flag).treatment().exposed()).isEqualTo(100);
    }

    @Test
    void drainAnswersWhileEventsKeepComing() throws InterruptedException {
        RolloutState rollout = RolloutSamples.half("busy");
        publish(rollout);
        AtomicBoolean drained = new AtomicBoolean();
        Thread visitors = new Thread(() -> {
            for (int i = 0; !drained.get(); i++) {
                Exposure exposure = exposure(rollout, "b" + i, i % 2 == 0);
                publisher
                        .publish(Topics.EXPOSURES, exposure.recordKey(), exposure, exposure.id())
                        .toCompletableFuture()
                        .join();
            }
        });
        visitors.start();
        try {
            drain();
        } finally {
            drained.set(true);
            visitors.join();
        }

        assertThat(evidence("busy").control().exposed()).isPositive();
    }

    @Test
    void evidenceNeedsAKeyAndAName() {
        assertThat(given().get("/api/v1/evidence/shop/production/broken").statusCode())
                .isEqualTo(401);
        assertThat(given().get("/api/v1/evidence/report?project=shop&environment=production")
                        .statusCode())
                .isEqualTo(401);
        assertThat(given().header("X-API-Key", key)
                        .get("/api/v1/evidence/report?project=shop")
                        .statusCode())
                .isEqualTo(400);
        assertThat(given().header("X-API-Key", key)
                        .get("/api/v1/evidence/shop/production/a b")
                        .statusCode())
                .isEqualTo(400);
        assertThat(given().header("X-API-Key", key)
                        .get("/api/v1/evidence/shop/production/unknown")
                        .jsonPath()
                        .getList("items"))
                .isEmpty();
        assertThat(given().header("X-API-Key", key)
                        .get("/api/v1/evidence/shop/production/unknown/blocks")
                        .statusCode())
                .isEqualTo(404);
    }

    private Response report(String level) {
        return given().header("X-API-Key", key)
                .get("/api/v1/evidence/report?project=shop&environment=production&" + level);
    }

    private JsonPath blocks(String flag) {
        return given().header("X-API-Key", key)
                .get("/api/v1/evidence/shop/production/" + flag + "/blocks")
                .jsonPath();
    }

    private void drain() {
        sent.forEach(each -> each.toCompletableFuture().join());
        given().header("X-API-Key", key).post("/api/v1/evidence/drain").then().statusCode(200);
    }

    private Evidence evidence(String flag) {
        String body = given().header("X-API-Key", key)
                .get("/api/v1/evidence/shop/production/" + flag)
                .asString();
        List<Evidence> all = new ArrayList<>();
        try {
            Json.mapper()
                    .readTree(body)
                    .get("items")
                    .forEach(item -> all.add(Json.read(item.toString(), Evidence.class)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
        return all.get(0);
    }

    private void publish(RolloutState rollout) {
        publisher
                .publish(Topics.ROLLOUTS, rollout.ref().key(), rollout, "r")
                .toCompletableFuture()
                .join();
    }

    private void publish(Exposure exposure) {
        sent.add(publisher.publish(Topics.EXPOSURES, exposure.recordKey(), exposure, exposure.id()));
    }

    private void publish(Outcome outcome) {
        sent.add(publisher.publish(Topics.OUTCOMES, outcome.recordKey(), outcome, outcome.id()));
    }

    /** What nobody can read, in every topic that is read. */
    private void poison() {
        Properties properties = new Properties();
        properties.put("bootstrap.servers", brokers);
        ByteArraySerializer bytes = new ByteArraySerializer();
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(properties, bytes, bytes)) {
            for (String topic : List.of(
                    Topics.EXPOSURES.name(), Topics.OUTCOMES.name(), Topics.ROLLOUTS.name(), Topics.EVIDENCE.name())) {
                for (int partition = 0; partition < Topics.FLAG_PARTITIONS; partition++) {
                    producer.send(new ProducerRecord<>(
                                    topic,
                                    partition,
                                    "k".getBytes(StandardCharsets.UTF_8),
                                    "{\"nonsense\":".getBytes(StandardCharsets.UTF_8)))
                            .get();
                }
            }
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Exposure exposure(RolloutState rollout, String unit, boolean treated) {
        return new Exposure(
                "x-" + unit,
                rollout.project(),
                rollout.environment(),
                rollout.flag(),
                Unit.user(unit),
                treated ? "on" : "off",
                1,
                1,
                "rest",
                0.5,
                null,
                Map.of(),
                1,
                Instant.now().minusSeconds(10),
                "test");
    }

    private static Outcome outcome(String unit) {
        return new Outcome(
                "o-" + unit,
                "shop",
                "production",
                Unit.user(unit),
                "purchase",
                null,
                Map.of(),
                null,
                null,
                Instant.now(),
                "test");
    }
}
