// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollback;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;

import dev.belay.contracts.Actor;
import dev.belay.contracts.FlagRef;
import dev.belay.contracts.Topic;
import dev.belay.contracts.Topics;
import dev.belay.contracts.audit.AuditEvent;
import dev.belay.contracts.rollbacks.Incident;
import dev.belay.contracts.rollbacks.Rollback;
import dev.belay.contracts.rollbacks.RollbackTarget;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.rollouts.RolloutStatus;
import dev.belay.contracts.served.Served;
import dev.belay.contracts.verdicts.Verdict;
import dev.belay.kafka.KafkaSettings;
import dev.belay.kafka.RecordPublisher;
import dev.belay.kafka.RecordView;
import dev.belay.rollback.decision.Verdicts;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@QuarkusTest
@WithTestResource(ControllerInstallation.class)
class RollbackControllerIT {
    private static final Duration SOON = Duration.ofSeconds(30);

    private final KafkaSettings settings = KafkaSettings.configured();
    private final RecordPublisher publisher = new RecordPublisher(settings, "test");
    private final Map<String, Rollback> rollbacks = new ConcurrentHashMap<>();
    private final Map<String, Incident> incidents = new ConcurrentHashMap<>();
    private RecordView<Rollback> rollbackView;
    private RecordView<Incident> incidentView;

    @BeforeEach
    void listen() {
        rollbackView =
                RecordView.start(settings, "test", Topics.ROLLBACKS, (key, value, at) -> rollbacks.put(key, value));
        incidentView =
                RecordView.start(settings, "test", Topics.INCIDENTS, (key, value, at) -> incidents.put(key, value));
        await().atMost(SOON).until(() -> RestAssured.get("/q/health/ready").statusCode() == 200);
    }

    @AfterEach
    void stopListening() {
        rollbackView.close();
        incidentView.close();
        publisher.close();
    }

    @Test
    void aBreachIsTakenBackAndFollowedUntilTheEdgesConfirm() {
        FlagRef flag = new FlagRef("shop", "production", "breached");
        serve("edge-a", flag, List.of(), null);
        publish(Topics.VERDICTS, flag.key(), Verdicts.breach(flag, 3));

        Rollback rollback =
                await().atMost(SOON).until(() -> rollbacks.get(flag.key() + "#3#all"), found -> found != null);
        await().atMost(SOON).until(() -> incidents.containsKey(rollback.recordKey()));
        serve("edge-a", flag, List.of("all"), 3);
        Incident confirmed = awaitIncident(rollback.recordKey(), Incident.Status.CONFIRMED);

        assertThat(rollback.verdict()).isNotNull();
        assertThat(confirmed.confirmed()).contains("edge-a");
        assertThat(confirmed.evidenceToOffMillis()).isNotNegative();
    }

    @Test
    void aVerdictSaidAgainWritesNothingAgain() {
        FlagRef flag = new FlagRef("shop", "production", "repeated");
        Verdict first = Verdicts.breach(flag, 1);
        publish(Topics.VERDICTS, flag.key(), first);
        await().atMost(SOON).until(() -> rollbacks.containsKey(flag.key() + "#1#all"));

        publish(Topics.VERDICTS, flag.key(), Verdicts.later(first));
        FlagRef next = new FlagRef("shop", "production", "repeated");
        publish(Topics.VERDICTS, next.key(), Verdicts.breach(next, 2));
        await().atMost(SOON).until(() -> rollbacks.containsKey(next.key() + "#2#all"));

        assertThat(rollbacks.get(flag.key() + "#1#all").at()).isEqualTo(first.at());
    }

    @Test
    void anEdgeThatDoesNotConfirmInTimeMakesThePageAndHealsIt() {
        FlagRef flag = new FlagRef("shop", "production", "unheard");
        serve("edge-slow", flag, List.of(), null);
        await().atMost(SOON)
                .until(() -> post("/api/v1/kills", operator(), body(flag, "stuck"))
                                .extract()
                                .statusCode()
                        < 300);
        String id = flag.key() + "#0#kill";

        Incident late = awaitIncident(id, Incident.Status.UNCONFIRMED);
        serve("edge-slow", flag, List.of("kill"), 0);
        serveEverything("edge-a", flag);
        Incident healed = awaitIncident(id, Incident.Status.CONFIRMED);

        assertThat(late.edges()).contains("edge-slow");
        assertThat(late.confirmed()).doesNotContain("edge-slow");
        assertThat(healed.version()).isGreaterThan(late.version());
    }

    @Test
    void aKillNamesThePresentEpochAndAnswersTheSameAgain() {
        FlagRef flag = new FlagRef("shop", "production", "killed");
        publish(Topics.ROLLOUTS, flag.key(), restored(flag, 7));
        await().atMost(SOON).untilAsserted(() -> assertThat(post("/api/v1/rollbacks", operator(), body(flag, "look"))
                        .extract()
                        .path("epoch")
                        .toString())
                .isEqualTo("7"));

        Rollback first = post("/api/v1/kills", operator(), body(flag, "payments fail"))
                .statusCode(201)
                .extract()
                .as(Rollback.class);
        Rollback again = post("/api/v1/kills", operator(), body(flag, "another reason"))
                .statusCode(200)
                .extract()
                .as(Rollback.class);

        assertThat(first.target()).isEqualTo(RollbackTarget.KILL);
        assertThat(first.epoch()).isEqualTo(7);
        assertThat(first.by()).isEqualTo(Actor.person("OPERATOR"));
        assertThat(again).isEqualTo(first);
        await().atMost(SOON).until(() -> first.equals(rollbacks.get(first.recordKey())));
    }

    @Test
    void refusesWhoMayNotStopAndWhatMakesNoSense() {
        FlagRef flag = new FlagRef("shop", "production", "refused");

        post("/api/v1/kills", ControllerInstallation.VIEWER, body(flag, "no")).statusCode(403);
        RestAssured.given()
                .contentType(ContentType.JSON)
                .body(body(flag, "no"))
                .post("/api/v1/kills")
                .then()
                .statusCode(401);
        post("/api/v1/kills", operator(), body(flag, " ")).statusCode(400);
        Map<String, Object> future = new HashMap<>(body(flag, "no"));
        future.put("epoch", 1_000);
        post("/api/v1/rollbacks", operator(), future).statusCode(422);
        Map<String, Object> kill = new HashMap<>(body(flag, "no"));
        kill.put("target", "kill");
        post("/api/v1/rollbacks", operator(), kill).statusCode(400);
    }

    @Test
    void anIncidentIsAcknowledgedAndResolvedByAPerson() {
        FlagRef flag = new FlagRef("shop", "production", "people");
        Rollback rollback = post("/api/v1/rollbacks", operator(), body(flag, "by hand"))
                .extract()
                .as(Rollback.class);
        await().atMost(SOON).until(() -> incidents.containsKey(rollback.recordKey()));
        String path = "/api/v1/incidents/" + URLEncoder.encode(rollback.recordKey(), StandardCharsets.UTF_8);

        RestAssured.given()
                .urlEncodingEnabled(false)
                .header("X-API-Key", operator())
                .post(path + "/acknowledge")
                .then()
                .statusCode(200);
        Incident resolved = RestAssured.given()
                .urlEncodingEnabled(false)
                .header("X-API-Key", operator())
                .post(path + "/resolve")
                .then()
                .statusCode(200)
                .extract()
                .as(Incident.class);

        assertThat(resolved.status()).isEqualTo(Incident.Status.RESOLVED);
        assertThat(resolved.acknowledgedBy()).isEqualTo("OPERATOR");
        List<String> listed = RestAssured.given()
                .header("X-API-Key", ControllerInstallation.VIEWER)
                .get("/api/v1/incidents?project=shop&environment=production&flag=people")
                .then()
                .statusCode(200)
                .extract()
                .path("items.id");
        assertThat(listed).containsExactly(rollback.recordKey());
    }

    @Test
    void everyRollbackIsInTheAuditTrail() {
        FlagRef flag = new FlagRef("shop", "production", "audited");
        String id = "rollback:" + flag.key() + "#0#kill";
        Map<String, AuditEvent> trail = new ConcurrentHashMap<>();
        RecordView<AuditEvent> view =
                RecordView.start(settings, "test", Topics.AUDIT, (key, value, at) -> trail.put(value.id(), value));

        post("/api/v1/kills", operator(), body(flag, "for the record"));

        await().atMost(SOON).until(() -> trail.containsKey(id));
        view.close();
        assertThat(trail.get(id).action()).isEqualTo("flag.kill");
    }

    @Test
    void aReplicaThatStartsLaterOpensNoIncidentAgain() throws Exception {
        FlagRef flag = new FlagRef("shop", "production", "replicated");
        Rollback rollback = post("/api/v1/rollbacks", operator(), body(flag, "by hand"))
                .extract()
                .as(Rollback.class);
        await().atMost(SOON).until(() -> incidents.containsKey(rollback.recordKey()));

        ControllerRecords records = new ControllerRecords();
        SeenRollbacks seen = new SeenRollbacks();
        ControllerViews views = new ControllerViews(records, seen, Duration.ofSeconds(5));
        IncidentFollower replica =
                new IncidentFollower(records, views, new ControllerMeters(new SimpleMeterRegistry()), SOON);
        seen.tell(replica::onRollback);
        views.start(new StartupEvent());
        await().atMost(SOON).until(views::areCaughtUp);
        replica.round();

        assertThat(versions(rollback.recordKey())).doesNotHaveDuplicates().startsWith(1L);
        views.close();
        replica.close();
        records.close();
    }

    @Test
    void aRolloutThatNobodyJudgesIsHeldOnceAndHealsWhenItIsJudgedAgain() throws Exception {
        FlagRef flag = new FlagRef("shop", "production", "unjudged");
        ControllerRecords records = new ControllerRecords();
        ControllerViews views = new ControllerViews(records, new SeenRollbacks(), Duration.ofSeconds(5));
        ControllerMeters meters = new ControllerMeters(new SimpleMeterRegistry());
        IncidentFollower others = new IncidentFollower(records, views, meters, SOON);
        HoldFollower replica = new HoldFollower(
                views,
                others,
                meters,
                ControllerInstallation.NOT_JUDGED_AFTER,
                ControllerInstallation.NOT_JUDGED_AFTER);
        views.start(new StartupEvent());
        replica.start(new StartupEvent());
        publish(Topics.ROLLOUTS, flag.key(), Verdicts.running(flag, 1, Instant.now()));

        String id = flag.key() + "#1#hold:NOT_JUDGED";
        Incident held = awaitIncident(id, Incident.Status.OPEN);
        Incident healed = await().atMost(SOON)
                .pollInterval(Duration.ofMillis(500))
                .until(
                        () -> {
                            publish(Topics.VERDICTS, flag.key(), Verdicts.undecided(flag, 1, Instant.now()));
                            return incidents.get(id);
                        },
                        found -> found.status() == Incident.Status.HEALED);

        assertThat(held.rollback()).isNull();
        assertThat(held.hold().sentences()).singleElement().asString().contains("all raises hold");
        assertThat(held.tell()).containsExactly("checkout-oncall");
        assertThat(healed.hold().episode()).isEqualTo(1);
        assertThat(versions(id)).as("two replicas write the same, not more").containsOnly(1L, 2L);
        assertThat(rollbacks).doesNotContainKey(flag.key() + "#1#all");
        publish(Topics.ROLLOUTS, flag.key(), restored(flag, 2));
        replica.close();
        others.close();
        views.close();
        records.close();
    }

    @Test
    void everyStepIsAHistogram() {
        FlagRef flag = new FlagRef("shop", "production", "measured");
        serve("edge-a", flag, List.of(), null);
        publish(Topics.VERDICTS, flag.key(), Verdicts.breach(flag, 1));
        await().atMost(SOON).until(() -> incidents.containsKey(flag.key() + "#1#all"));
        for (String edge : incidents.get(flag.key() + "#1#all").edges()) {
            serve(edge, flag, List.of("all"), 1);
        }
        Incident off = awaitIncident(flag.key() + "#1#all", Incident.Status.CONFIRMED);

        String metrics = RestAssured.get("/q/metrics").asString();
        assertThat(off.chain().verdict()).isEqualTo(120);
        assertThat(off.chain().lastOff()).isGreaterThanOrEqualTo(off.chain().firstOff());
        assertThat(metrics)
                .contains("belay_controller_verdict_to_rollback_seconds_bucket{le=\"0.005\"}")
                .contains("belay_controller_evidence_to_rollback_seconds_bucket")
                .contains("belay_controller_evidence_to_off_seconds_bucket{edge=\"first\"")
                .contains("belay_controller_evidence_to_off_seconds_bucket{edge=\"last\",le=\"30.0\"}")
                .contains("belay_controller_not_judged");
    }

    @Test
    void poisonInEveryTopicItReadsIsPutAsideOnceAndStopsNothing() throws Exception {
        FlagRef flag = new FlagRef("shop", "production", "garbled");
        List<Topic<?>> read = List.of(
                Topics.VERDICTS, Topics.ROLLBACKS, Topics.SERVED, Topics.ROLLOUTS, Topics.INCIDENTS, Topics.KEYS);
        try (KafkaProducer<String, byte[]> raw = new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrapServers()),
                new StringSerializer(),
                new ByteArraySerializer())) {
            byte[] garbage = "{\"flag\":".getBytes(StandardCharsets.UTF_8);
            for (Topic<?> topic : read) {
                raw.send(new ProducerRecord<>(topic.name(), flag.key(), garbage))
                        .get();
                raw.send(new ProducerRecord<>(topic.name(), flag.key(), garbage))
                        .get();
            }
        }
        publish(Topics.VERDICTS, flag.key(), Verdicts.breach(flag, 1));

        await().atMost(SOON).until(() -> rollbacks.containsKey(flag.key() + "#1#all"));
        for (Topic<?> topic : read.subList(0, 5)) {
            await().atMost(SOON)
                    .untilAsserted(
                            () -> assertThat(dead(topic)).as(topic.name()).isEqualTo(1));
        }
        post("/api/v1/kills", operator(), body(flag, "it still answers")).statusCode(201);
    }

    /** Returns the version of every record that was ever written of an incident. */
    private List<Long> versions(String id) throws TimeoutException {
        List<Long> versions = new CopyOnWriteArrayList<>();
        RecordView<Incident> view = RecordView.start(settings, "test", Topics.INCIDENTS, (key, value, at) -> {
            if (key.equals(id)) {
                versions.add(value.version());
            }
        });
        view.awaitCaughtUp(SOON);
        view.close();
        return versions;
    }

    /** Returns how many records of a topic were put aside; 0 while the dead-letter topic does not exist. */
    private long dead(Topic<?> topic) {
        String name = topic.deadLetters("", "rollback-controller");
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        settings.bootstrapServers(),
                        ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                        "false"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            if (!consumer.listTopics().containsKey(name)) {
                return 0;
            }
            TopicPartition only = new TopicPartition(name, 0);
            return consumer.endOffsets(List.of(only)).get(only);
        }
    }

    private Incident awaitIncident(String id, Incident.Status status) {
        return await().atMost(SOON).until(() -> incidents.get(id), found -> found != null && found.status() == status);
    }

    private void serve(String edge, FlagRef flag, List<String> out, Integer outEpoch) {
        Served served = new Served(
                edge, flag.project(), flag.environment(), flag.flag(), 1, 0, 0, out, outEpoch, null, Instant.now());
        publish(Topics.SERVED, served.recordKey(), served);
    }

    /** Edges of other tests are live, too, and must say something of this flag. */
    private void serveEverything(String edge, FlagRef flag) {
        serve(edge, flag, List.of("kill"), 0);
    }

    private static RolloutState restored(FlagRef flag, int epoch) {
        return new RolloutState(
                flag.project(),
                flag.environment(),
                flag.flag(),
                epoch,
                1,
                RolloutStatus.RESTORED,
                null,
                List.of(),
                null,
                null,
                false,
                Actor.person("ada"),
                "again",
                Instant.now(),
                Instant.now());
    }

    private <V> void publish(Topic<V> topic, String key, V value) {
        publisher.publish(topic, key, value, key).toCompletableFuture().join();
    }

    private static String operator() {
        return ControllerInstallation.OPERATOR;
    }

    private static Map<String, Object> body(FlagRef flag, String reason) {
        return Map.of(
                "project", flag.project(), "environment", flag.environment(), "flag", flag.flag(), "reason", reason);
    }

    private static ValidatableResponse post(String path, String key, Map<String, Object> body) {
        return RestAssured.given()
                .header("Authorization", "Bearer " + key)
                .contentType(ContentType.JSON)
                .body(body)
                .post(path)
                .then();
    }
}
