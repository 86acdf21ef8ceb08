// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

import dev.belay.contracts.Topic;
import dev.belay.contracts.Topics;
import dev.belay.contracts.audit.AuditEvent;
import dev.belay.contracts.rollbacks.Incident;
import dev.belay.contracts.rollbacks.Rollback;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.rollouts.RolloutStatus;
import dev.belay.kafka.DeadLetters;
import dev.belay.kafka.KafkaSettings;
import dev.belay.kafka.RecordPublisher;
import dev.belay.kafka.RecordView;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@QuarkusTest
@WithTestResource(NotifierInstallation.class)
class NotifierIT {
    private static final Duration SOON = Duration.ofSeconds(40);

    private final KafkaSettings settings = KafkaSettings.configured();
    private final RecordPublisher publisher = new RecordPublisher(settings, "test");
    private final Instant now = Instant.now();
    private Receiver receiver;
    private NotifierInstallation.Outage outage;

    @Inject
    Teller teller;

    @BeforeEach
    void open() throws IOException {
        receiver = new Receiver();
        await().atMost(SOON).until(() -> RestAssured.get("/q/health/ready").statusCode() == 200);
    }

    @AfterEach
    void close() {
        receiver.close();
        publisher.close();
    }

    @Test
    void aConfirmedIncidentIsToldOnceHoweverOftenItIsSaid() {
        channel("once");
        Incident incident = confirmed("flag-once", "once");

        publish(Topics.INCIDENTS, incident.id(), incident);
        publish(Topics.INCIDENTS, incident.id(), incident);
        publish(Topics.INCIDENTS, incident.id(), acknowledged(incident));
        awaitMessages(1);
        settle("once");

        assertThat(receiver.messages()).singleElement().asString().contains("Rolled back: flag-once", "edges after");
    }

    @Test
    void aHoldIsToldOncePerEpisodeAndItsEndToo() {
        channel("hold");
        List<String> tell = List.of("hold");
        for (int heartbeat = 0; heartbeat < 3; heartbeat++) {
            say(Samples.hold(Incident.Status.OPEN, "NO_DATA", 1, 1, "flag-hold", tell, now));
        }
        awaitMessages(1);
        say(Samples.hold(Incident.Status.HEALED, "NO_DATA", 1, 2, "flag-hold", tell, now));
        awaitMessages(2);
        say(Samples.hold(Incident.Status.OPEN, "NO_DATA", 2, 3, "flag-hold", tell, now));
        awaitMessages(3);
        settle("hold");

        assertThat(receiver.messages()).hasSize(3);
        assertThat(receiver.messages().get(0)).contains("No data: flag-hold", "All raises hold");
        assertThat(receiver.messages().get(1)).contains("Over after 90 s: No data: flag-hold");
    }

    @Test
    void replicasThatTellTheSameAtOnceSendOneMessage() {
        channel("race");
        List<Incident> said = List.of(
                telling(Samples.incident(Incident.Status.UNCONFIRMED, rollback(), List.of("edge-a")), "race"),
                telling(Samples.confirmed(rollback()), "race"));
        List<CompletableFuture<Void>> replicas = new ArrayList<>();
        for (int replica = 0; replica < 4; replica++) {
            Incident incident = said.get(1);
            replicas.add(CompletableFuture.runAsync(() -> teller.tell(incident, null)));
            replicas.add(CompletableFuture.runAsync(() -> teller.tell(said.get(0), null)));
        }
        replicas.forEach(CompletableFuture::join);
        await().atMost(SOON).until(() -> !receiver.messages().isEmpty());
        settle("race");

        assertThat(receiver.messages().stream().filter(text -> text.contains("not confirmed by every edge")))
                .as("told as done or as late, never both as if one did not know of the other")
                .hasSameSizeAs(receiver.messages().stream()
                        .filter(text -> text.contains("Now off everywhere"))
                        .toList());
        assertThat(receiver.messages()).doesNotHaveDuplicates();
    }

    @Test
    void aRolloutIsToldFromStartToEnd() {
        channel("story");

        rollout(RolloutStatus.RUNNING, false, "flag-story", "story");
        awaitMessages(1);
        rollout(RolloutStatus.RUNNING, true, "flag-story", "story");
        awaitMessages(2);
        rollout(RolloutStatus.COMPLETED, false, "flag-story", "story");
        awaitMessages(3);

        assertThat(receiver.messages().get(0)).contains("Rollout started: flag-story");
        assertThat(receiver.messages().get(1)).contains("your decision");
        assertThat(receiver.messages().get(2)).contains("flag-story is on for everyone");
    }

    @Test
    void anIncidentThatIsNotConfirmedIsAPageAndHealsInAFewWords() {
        channel("late");
        Rollback rollback = Samples.breach("flag-late", now);
        Incident late = telling(Samples.incident(Incident.Status.UNCONFIRMED, rollback, List.of("edge-a")), "late");

        publish(Topics.INCIDENTS, late.id(), late);
        awaitMessages(1);
        publish(Topics.INCIDENTS, late.id(), telling(Samples.confirmed(rollback), "late"));
        awaitMessages(2);

        assertThat(receiver.messages().get(0)).contains("not confirmed by every edge", "edge-b");
        assertThat(receiver.messages().get(1)).contains("Now off everywhere");
    }

    @Test
    void withoutADatabaseAMessageIsLateAndNotLost() throws IOException {
        channel("outage");
        Incident incident = confirmed("flag-outage", "outage");

        outage.begin();
        publish(Topics.INCIDENTS, incident.id(), incident);
        await().atMost(SOON).until(() -> deliveries("flag-outage").extract().statusCode() == 503);
        int ready = RestAssured.get("/q/health/ready").statusCode();
        outage.end();
        awaitMessages(1);

        assertThat(ready).isEqualTo(200);
        assertThat(receiver.messages()).singleElement().asString().contains("flag-outage");
    }

    @Test
    void whatMayPassIsTriedAgainWhenTheReceiverSays() {
        channel("busy");
        receiver.replyFirst(
                new Receiver.Reply(429, "rate_limited", Map.of("Retry-After", "1")),
                Receiver.Reply.of(500, "rollup_error"));
        Incident incident = confirmed("flag-busy", "busy");

        publish(Topics.INCIDENTS, incident.id(), incident);
        awaitMessages(3);

        await().atMost(SOON).until(() -> "DELIVERED"
                .equals(deliveries("flag-busy").extract().path("items[0].status")));
        assertThat(deliveries("flag-busy").extract().<Integer>path("items[0].attempts"))
                .isEqualTo(3);
    }

    @Test
    void whatTheReceiverRefusesFailsWithItsWords() {
        channel("gone");
        receiver.replyFirst(Receiver.Reply.of(404, "no_service"));
        Incident incident = confirmed("flag-gone", "gone");

        publish(Topics.INCIDENTS, incident.id(), incident);

        await().atMost(SOON)
                .until(() -> "FAILED".equals(deliveries("flag-gone").extract().path("items[0].status")));
        assertThat(deliveries("flag-gone").extract().<String>path("items[0].reason"))
                .isEqualTo("the receiver answered 404 no_service");
    }

    @Test
    void aRedirectIsNotFollowed() {
        channel("moved");
        receiver.replyFirst(new Receiver.Reply(302, "", Map.of("Location", receiver.url())));
        Incident incident = confirmed("flag-moved", "moved");

        publish(Topics.INCIDENTS, incident.id(), incident);

        await().atMost(SOON)
                .until(() -> "FAILED".equals(deliveries("flag-moved").extract().path("items[0].status")));
        assertThat(receiver.messages()).hasSize(1);
    }

    @Test
    void aChannelThatDoesNotExistIsSeenInTheLog() {
        Incident incident = confirmed("flag-nowhere", "nowhere");

        publish(Topics.INCIDENTS, incident.id(), incident);

        await().atMost(SOON).until(() -> deliveries("flag-nowhere").extract().path("items[0].reason") != null);
        assertThat(deliveries("flag-nowhere").extract().<String>path("items[0].reason"))
                .isEqualTo("channel must exist in project shop, was nowhere");
    }

    @Test
    void aChannelNeverShowsItsAddressAndIsInTheAuditTrail() {
        Map<String, AuditEvent> trail = new ConcurrentHashMap<>();
        RecordView<AuditEvent> view =
                RecordView.start(settings, "test", Topics.AUDIT, (key, value, at) -> trail.put(value.id(), value));

        String written = channel("masked").extract().asString();
        String listed = RestAssured.given()
                .header("X-API-Key", NotifierInstallation.VIEWER)
                .get("/api/v1/channels?project=shop")
                .then()
                .statusCode(200)
                .extract()
                .asString();
        await().atMost(SOON).until(() -> trail.containsKey("channel:shop/masked@1"));
        view.close();

        assertThat(written + listed + trail).contains("127.0.0.1/***").doesNotContain("secret");
    }

    @Test
    void aChannelIsWrittenByEditorsAndOverTheVersionTheySaw() {
        channel("versioned").header("ETag", "\"1\"");
        channel("versioned").header("ETag", "\"1\"");

        put("versioned", document("versioned", receiver.url() + "2"), NotifierInstallation.EDITOR, "\"7\"")
                .statusCode(412);
        put("versioned", document("versioned", receiver.url() + "2"), NotifierInstallation.EDITOR, "\"1\"")
                .statusCode(200)
                .header("ETag", "\"2\"");
        put("versioned", document("versioned", receiver.url()), NotifierInstallation.VIEWER, null)
                .statusCode(403);
        put("versioned", document("another", receiver.url()), NotifierInstallation.EDITOR, null)
                .statusCode(400);
        put("versioned", "kind: Channel", NotifierInstallation.EDITOR, null).statusCode(400);
    }

    @Test
    void poisonInEveryTopicItReadsIsPutAwayWithFieldRuleAndValueAndStopsNothing() throws Exception {
        channel("garbled");
        List<Topic<?>> read = List.of(Topics.INCIDENTS, Topics.ROLLOUTS, Topics.KEYS);
        try (KafkaProducer<String, String> raw =
                new KafkaProducer<>(settings.clientProperties(), new StringSerializer(), new StringSerializer())) {
            for (Topic<?> topic : read) {
                raw.send(new ProducerRecord<>(topic.name(), "shop/production/garbled", "{\"project\":"))
                        .get();
                raw.send(new ProducerRecord<>(
                                topic.name(),
                                "shop/production/garbled",
                                "{\"project\":\"shop\",\"environment\":\"production\",\"flag\":\"garbled\","
                                        + "\"version\":-1,\"epoch\":-1}"))
                        .get();
            }
        }
        Incident incident = confirmed("garbled", "garbled");

        publish(Topics.INCIDENTS, incident.id(), incident);
        rollout(RolloutStatus.RUNNING, false, "garbled", "garbled");

        awaitMessages(2);
        read.forEach(topic -> await().atMost(SOON).untilAsserted(() -> assertThat(reasons(topic))
                .as(topic.name())
                .anyMatch(reason -> reason.contains("end-of-input"))
                .anyMatch(reason -> reason.matches(".*: .*[a-zA-Z.]+ (must|is required).*, was .*"))));
    }

    /** Returns why records of a topic were put away; nothing when none was. */
    private List<String> reasons(Topic<?> topic) {
        String name = topic.deadLetters("", topic.equals(Topics.KEYS) ? "http" : NotifierKafka.SERVICE);
        try (KafkaConsumer<byte[], byte[]> reader = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        settings.bootstrapServers(),
                        ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                        false),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            if (!reader.listTopics().containsKey(name)) {
                return List.of();
            }
            List<String> reasons = new ArrayList<>();
            TopicPartition only = new TopicPartition(name, 0);
            reader.assign(List.of(only));
            reader.seekToBeginning(List.of(only));
            long end = reader.endOffsets(List.of(only)).get(only);
            while (reader.position(only) < end) {
                reader.poll(Duration.ofMillis(100))
                        .forEach(letter -> reasons.add(new String(
                                letter.headers().lastHeader(DeadLetters.REASON).value(), StandardCharsets.UTF_8)));
            }
            return reasons;
        }
    }

    /** Waits until everything in the queue for a channel has been sent: one more incident comes through. */
    private void settle(String channel) {
        Incident last = confirmed("flag-last-of-" + channel, "nobody-" + channel);
        publish(Topics.INCIDENTS, last.id(), last);
        await().atMost(SOON)
                .until(() -> deliveries("flag-last-of-" + channel).extract().path("items[0].reason") != null);
    }

    private void awaitMessages(int count) {
        await().atMost(SOON).until(() -> receiver.messages().size() >= count);
        assertThat(receiver.messages()).hasSize(count);
    }

    private Incident confirmed(String flag, String channel) {
        return telling(Samples.confirmed(Samples.breach(flag, now)), channel);
    }

    private Rollback rollback() {
        return Samples.breach("flag-race", now);
    }

    private void say(Incident incident) {
        publish(Topics.INCIDENTS, incident.id(), incident);
    }

    private static Incident telling(Incident incident, String channel) {
        return with(incident, incident.version(), List.of(channel), null);
    }

    private static Incident acknowledged(Incident incident) {
        return with(incident, incident.version() + 1, incident.tell(), "ada");
    }

    private static Incident with(Incident incident, long version, List<String> tell, String acknowledgedBy) {
        return new Incident(
                incident.id(),
                version,
                incident.status(),
                incident.rollback(),
                incident.stage(),
                incident.template(),
                incident.owner(),
                tell,
                incident.edges(),
                incident.confirmed(),
                incident.openedAt(),
                incident.confirmedAt(),
                incident.evidenceToOffMillis(),
                acknowledgedBy,
                incident.updatedAt());
    }

    private void rollout(RolloutStatus status, boolean asked, String flag, String channel) {
        RolloutState state = Samples.rollout(status, asked, flag, Samples.plan(List.of(channel)), now);
        publish(Topics.ROLLOUTS, state.ref().key(), state);
    }

    private <V> void publish(Topic<V> topic, String key, V value) {
        publisher.publish(topic, key, value, key).toCompletableFuture().join();
    }

    private ValidatableResponse channel(String name) {
        return put(name, document(name, receiver.url()), NotifierInstallation.EDITOR, null)
                .statusCode(200);
    }

    private static String document(String name, String url) {
        return "apiVersion: belay.dev/v1\nkind: Channel\nmetadata: { name: " + name
                + " }\nspec: { project: shop, type: slack-webhook, url: \"" + url + "\" }\n";
    }

    private static ValidatableResponse put(String name, String document, String key, String ifMatch) {
        var request = RestAssured.given()
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/yaml")
                .body(document.getBytes(StandardCharsets.UTF_8));
        if (ifMatch != null) {
            request.header("If-Match", ifMatch);
        }
        return request.put("/api/v1/channels/shop/" + name).then();
    }

    private static ValidatableResponse deliveries(String flag) {
        return RestAssured.given()
                .header("X-API-Key", NotifierInstallation.VIEWER)
                .get("/api/v1/deliveries?project=shop&environment=production&flag=" + flag)
                .then();
    }
}
