// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.contracts.Json;
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
import dev.belay.notifier.deliveries.Deliveries;
import dev.belay.notifier.message.BlockKit;
import dev.belay.notifier.message.SlackMessage;
import dev.belay.notifier.message.Verb;
import dev.belay.notifier.signing.SlackSignature;
import dev.belay.notifier.signing.WebhookSignature;
import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.config.EncoderConfig;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@QuarkusTest
@WithTestResource(NotifierInstallation.class)
class NotifierIT {
    private static final Duration SOON = Duration.ofSeconds(40);
    private static final String HEAD = "apiVersion: belay.dev/v1\nkind: Channel\nmetadata: { name: ";
    private static final String SIGNING = "fakesigningsecret0123";
    private static final String PERSON = "bly_fakefake01_" + "a".repeat(43);
    private static final String ROUTING_KEY = "fake0fake0fake0fake0fake0fake012";
    private static final String NEW_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final String OLD_SECRET = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    private static final Pattern MANY = Pattern.compile("([0-9,]+) × taken out");

    private final KafkaSettings settings = KafkaSettings.configured();
    private final RecordPublisher publisher = new RecordPublisher(settings, "test");
    private final Instant now = Instant.now();
    private Receiver receiver;
    private NotifierInstallation.Outage outage;
    private NotifierInstallation.Services services;

    @Inject
    Teller teller;

    @Inject
    Deliveries deliveries;

    @Inject
    @DataSource("notifier")
    AgroalDataSource database;

    @ConfigProperty(name = "belay.postgres.url")
    String databaseUrl;

    @ConfigProperty(name = "belay.postgres.user")
    String databaseUser;

    @ConfigProperty(name = "belay.postgres.password")
    String databasePassword;

    @BeforeEach
    void open() throws IOException {
        receiver = new Receiver();
        await().atMost(SOON).until(() -> RestAssured.get("/q/health/ready").statusCode() == 200);
    }

    /** Of what a test leaves behind nothing is tried again, and no other test's channel is told that it is down. */
    @AfterEach
    void close() throws SQLException {
        receiver.close();
        publisher.close();
        for (String table : List.of("channel", "delivery", "lane", "thread")) {
            execute("delete from notifier." + table);
        }
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

        assertThat(receiver.messages()).singleElement().asString().contains("Rolled back: flag-once", "edges in");
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
    void whatWasSentIsNotSentAgainWhenTheDatabaseIsLostBeforeItIsNoted() {
        channel("lost");
        receiver.beforeTheNextAnswer(this::endSessions);
        Incident incident = confirmed("flag-lost", "lost");

        publish(Topics.INCIDENTS, incident.id(), incident);

        await().atMost(SOON).until(() -> "DELIVERED"
                .equals(deliveries("flag-lost").extract().path("items[0].status")));
        assertThat(deliveries("flag-lost").extract().<Integer>path("items[0].attempts"))
                .isEqualTo(1);
        assertThat(receiver.messages()).hasSize(1);
    }

    /** As a stop of the database does, or a failover. */
    private void endSessions() {
        try (Connection admin = DriverManager.getConnection(databaseUrl, databaseUser, databasePassword);
                Statement statement = admin.createStatement()) {
            statement.execute("select pg_terminate_backend(pid) from pg_stat_activity"
                    + " where datname = current_database() and pid <> pg_backend_pid()");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
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
        List<Topic<?>> read = List.of(Topics.INCIDENTS, Topics.ROLLOUTS, Topics.KEYS, Topics.FLAGS, Topics.VERDICTS);
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

    @Test
    void aRolloutIsOneThreadOfSlackWhoseFirstMessageIsKeptUpToDate() {
        put("bot", bot("bot"), NotifierInstallation.EDITOR, null).statusCode(200);

        rollout(RolloutStatus.RUNNING, false, "flag-bot", "bot");
        await().atMost(SOON).until(() -> receiver.to("/chat.postMessage").size() == 2);
        rollout(RolloutStatus.PAUSED, false, 10, "flag-bot", "bot");
        await().atMost(SOON).until(() -> receiver.to("/chat.postMessage").size() == 3);
        Incident incident = confirmed("flag-bot", "bot");
        publish(Topics.INCIDENTS, incident.id(), incident);
        publish(Topics.INCIDENTS, incident.id(), incident);
        await().atMost(SOON).until(() -> receiver.to("/chat.update").stream()
                .anyMatch(update -> update.text().contains("Rolled back: flag-bot")));

        List<JsonNode> posts = receiver.to("/chat.postMessage").stream()
                .map(Receiver.Received::json)
                .toList();
        posts.forEach(BlockKit::requireValid);
        receiver.to("/chat.update").forEach(update -> BlockKit.requireValid(update.json()));
        assertThat(posts).hasSize(4);
        assertThat(posts.get(0).path("channel").asText()).isEqualTo("C024BE91L");
        assertThat(posts.get(0).has("thread_ts")).isFalse();
        assertThat(posts.subList(1, 4))
                .allMatch(post -> post.path("thread_ts").asText().equals("1700000000.1"));
        assertThat(posts.get(2).toString()).contains("flag-bot is paused", "RESUME");
        assertThat(posts.get(3).path("reply_broadcast").asBoolean()).isTrue();
        assertThat(receiver.to("/chat.update"))
                .allSatisfy(
                        update -> assertThat(update.json().path("ts").asText()).isEqualTo("1700000000.1"));
        assertThat(receiver.received())
                .allSatisfy(each -> assertThat(each.header("Authorization")).isEqualTo("Bearer xoxb-fake"));
    }

    @Test
    void whatSlackRefusesInATwoHundredHasFailedAndAnotherChannelIsTold() throws IOException {
        try (Receiver other = new Receiver()) {
            put("mute", bot("mute"), NotifierInstallation.EDITOR, null).statusCode(200);
            put("other", document("other", other.url()), NotifierInstallation.EDITOR, null)
                    .statusCode(200);
            receiver.replyFirst(
                    new Receiver.Reply(429, "{\"ok\":false,\"error\":\"ratelimited\"}", Map.of("Retry-After", "1")),
                    Receiver.Reply.of(200, "{\"ok\":false,\"error\":\"invalid_auth: xoxb-fake\"}"));
            Incident incident = confirmed("flag-mute", "mute");

            publish(Topics.INCIDENTS, incident.id(), incident);

            await().atMost(SOON).until(() -> !other.messages().isEmpty());
            assertThat(other.messages())
                    .singleElement()
                    .asString()
                    .contains("Channel down: mute", "Slack answered invalid_auth")
                    .doesNotContain("xoxb");
            int id = deliveries("flag-mute").extract().<Integer>path("items[0].id");
            List<String> log = RestAssured.given()
                    .header("X-API-Key", NotifierInstallation.VIEWER)
                    .get("/api/v1/deliveries/" + id)
                    .then()
                    .statusCode(200)
                    .extract()
                    .path("log.status");
            assertThat(log).containsExactly("WAITING", "FAILED");
        }
    }

    @Test
    void anIncidentIsOneIncidentOfPagerDutyFromTriggerToResolve() {
        put("pager", pagerDuty("pager"), NotifierInstallation.EDITOR, null).statusCode(200);
        receiver.replyFirst(
                new Receiver.Reply(429, "{\"status\":\"throttle exceeded\"}", Map.of("Retry-After", "1")),
                Receiver.Reply.of(503, ""));
        Incident incident = confirmed("flag-pager", "pager");
        Incident acknowledged = Samples.acknowledged(incident, "ada");

        rollout(RolloutStatus.RUNNING, false, "flag-pager", "pager");
        publish(Topics.INCIDENTS, incident.id(), incident);
        publish(Topics.INCIDENTS, incident.id(), acknowledged);
        publish(Topics.INCIDENTS, incident.id(), acknowledged);
        publish(Topics.INCIDENTS, incident.id(), Samples.resolved(acknowledged));
        await().atMost(SOON).until(() -> receiver.received().stream()
                .anyMatch(each -> each.text().contains("\"event_action\":\"resolve\"")));

        assertThat(receiver.received())
                .allSatisfy(each -> assertThat(each.json().path("dedup_key").asText())
                        .isEqualTo("shop/production/flag-pager#3#all"));
        assertThat(receiver.received().stream()
                        .map(each -> each.json().path("event_action").asText())
                        .distinct())
                .containsExactlyInAnyOrder("trigger", "acknowledge", "resolve");
        assertThat(receiver.received())
                .as("three events, two of them tried again")
                .hasSize(5);
    }

    @Test
    void aWebhookIsSignedOverWhatIsSentAndGoneDisablesIt() {
        put("hook", webhook("hook"), NotifierInstallation.EDITOR, null).statusCode(200);
        Incident incident = confirmed("flag-hook", "hook");

        publish(Topics.INCIDENTS, incident.id(), incident);
        awaitMessages(1);
        Receiver.Received sent = receiver.received().get(0);
        receiver.replyFirst(Receiver.Reply.of(410, "gone"));
        say(telling(Samples.confirmed(Samples.breach("flag-hook-2", now)), "hook"));
        await().atMost(SOON)
                .until(() -> "FAILED".equals(deliveries("flag-hook-2").extract().path("items[0].status")));
        say(telling(Samples.confirmed(Samples.breach("flag-hook-3", now)), "hook"));
        await().atMost(SOON)
                .until(() -> "FAILED".equals(deliveries("flag-hook-3").extract().path("items[0].status")));

        assertThat(receiver.received()).hasSize(2);
        assertThat(sent.header("webhook-signature"))
                .isEqualTo(WebhookSignature.of(
                        List.of(NEW_SECRET, OLD_SECRET),
                        sent.header("webhook-id"),
                        Instant.ofEpochSecond(Long.parseLong(sent.header("webhook-timestamp"))),
                        sent.body()))
                .contains(" ");
        assertThat(sent.json().path("type").asText()).isEqualTo("rollout.rolled_back");
        assertThat(get("/api/v1/channels/shop/hook"))
                .contains("the receiver answered 410")
                .doesNotContain("whsec");
        assertThat(put("hook", webhook("hook"), NotifierInstallation.EDITOR, null)
                        .statusCode(200)
                        .extract()
                        .<Object>path("disabled"))
                .isNull();
    }

    @Test
    void aThousandBreachesAreFewMessagesThatCountEachOnce() throws SQLException {
        channel("storm");
        List<Incident> breaches = IntStream.range(0, 1_000)
                .mapToObj(i -> confirmed("flag-storm-" + i, "storm"))
                .toList();

        breaches.parallelStream().forEach(incident -> teller.tell(incident, null));
        breaches.stream().limit(50).forEach(incident -> teller.tell(incident, null));
        await().atMost(SOON).until(() -> count("status = 'DELIVERED' and channel = 'storm'") == 1_000);

        assertThat(receiver.messages().stream().mapToInt(NotifierIT::counted).sum())
                .isEqualTo(1_000);
        assertThat(receiver.messages()).hasSizeLessThan(60);
        assertThat(count("folded_into is not null and channel = 'storm'"))
                .isEqualTo(1_000 - receiver.messages().size());
    }

    @Test
    void aChannelHearsOfWhatItAskedForAndOfNothingElse() {
        put("staging", routed("staging", "environments: [ staging ]"), NotifierInstallation.EDITOR, null)
                .statusCode(200);
        put("tagged", routed("tagged", "tags: [ payments ]"), NotifierInstallation.EDITOR, null)
                .statusCode(200);
        put("pages", routed("pages", "severity: critical, hears: project"), NotifierInstallation.EDITOR, null)
                .statusCode(200);
        put("all", routed("all", "hears: project"), NotifierInstallation.EDITOR, null)
                .statusCode(200);
        Incident incident = with(
                Samples.confirmed(Samples.breach("flag-route", now)), 2, List.of("staging", "tagged", "pages"), null);

        publish(Topics.INCIDENTS, incident.id(), incident);
        await().atMost(SOON).until(() -> deliveries("flag-route").extract().path("items[0].channel") != null);

        assertThat(deliveries("flag-route").extract().<List<String>>path("items.channel"))
                .containsExactly("all");
    }

    @Test
    void inQuietHoursAStartWaitsAndARollbackDoesNot() throws SQLException {
        put(
                        "quiet",
                        routed(
                                "quiet",
                                "quiet: [ { from: \"00:00\", to: \"23:59\", zone: UTC },"
                                        + " { from: \"23:00\", to: \"01:00\", zone: UTC } ]"),
                        NotifierInstallation.EDITOR,
                        null)
                .statusCode(200);

        rollout(RolloutStatus.RUNNING, false, "flag-quiet", "quiet");
        await().atMost(SOON).until(() -> count("channel = 'quiet' and occasion = 'STARTED'") == 1);
        Incident incident = confirmed("flag-quiet", "quiet");
        publish(Topics.INCIDENTS, incident.id(), incident);
        awaitMessages(1);

        assertThat(receiver.messages()).singleElement().asString().contains("Rolled back: flag-quiet");
        assertThat(count("channel = 'quiet' and status = 'WAITING' and due_at > now()"))
                .isEqualTo(1);
    }

    @Test
    void aTestIsSentToWhoeverAsksAndOnceForEachAsking() {
        channel("probe");

        for (int i = 0; i < 2; i++) {
            RestAssured.given()
                    .header("X-API-Key", NotifierInstallation.EDITOR)
                    .header("Idempotency-Key", "the-same")
                    .post("/api/v1/channels/shop/probe/test")
                    .then()
                    .statusCode(202);
        }
        awaitMessages(1);

        assertThat(receiver.messages().get(0)).contains("Test from Belay: probe", "nothing happened");
        assertThat(test("probe", NotifierInstallation.VIEWER)).isEqualTo(403);
        assertThat(test("nowhere", NotifierInstallation.EDITOR)).isEqualTo(404);
    }

    @Test
    void aButtonIsPressedOnceBySomebodyWhoIsKnownAndOnlyWithSlacksSignature() {
        put("buttons", bot("buttons"), NotifierInstallation.EDITOR, null).statusCode(200);
        String timestamp = Long.toString(now.getEpochSecond());
        String pause = press("U024BE7LH", "shop");
        int before = services.receiver().received().size();

        assertThat(pressed("buttons", pause, timestamp, "another-secret-0123")).isEqualTo(401);
        assertThat(pressed("buttons", pause, Long.toString(now.getEpochSecond() - 400), SIGNING))
                .isEqualTo(401);
        assertThat(pressed("buttons", pause, Long.toString(now.getEpochSecond() + 400), SIGNING))
                .isEqualTo(401);
        assertThat(pressed("nowhere", pause, timestamp, SIGNING)).isEqualTo(401);
        assertThat(pressed("buttons", press("U024BE7LH", "bank"), timestamp, SIGNING))
                .isEqualTo(403);
        assertThat(pressed("buttons", "nonsense", timestamp, SIGNING)).isEqualTo(400);
        assertThat(pressed("buttons", press("U0STRANGER", "shop"), timestamp, SIGNING))
                .isEqualTo(200);
        assertThat(pressed("buttons", pause, timestamp, SIGNING)).isEqualTo(200);
        assertThat(pressed("buttons", pause, timestamp, SIGNING)).isEqualTo(200);

        await().atMost(SOON).until(() -> receiver.to("/answer").size() == 2);
        List<Receiver.Received> done = services.receiver().received();
        assertThat(done.subList(before, done.size())).singleElement().satisfies(each -> {
            assertThat(each.path()).isEqualTo("/api/v1/rollouts/shop/production/flag-buttons/3/pause");
            assertThat(each.header("Authorization")).isEqualTo("Bearer " + PERSON);
        });
        assertThat(receiver.to("/answer").stream().map(Receiver.Received::text).toList())
                .anyMatch(text -> text.contains("You are not known to Belay here"))
                .anyMatch(text -> text.contains("Pause, flag-buttons: done by ada"));
    }

    @Test
    void secretsOfEveryTypeAreWrittenAndNeverReadAgain() {
        Map<String, AuditEvent> trail = new ConcurrentHashMap<>();
        RecordView<AuditEvent> view =
                RecordView.start(settings, "test", Topics.AUDIT, (key, value, at) -> trail.put(value.id(), value));

        String written = put("s-bot", bot("s-bot"), NotifierInstallation.EDITOR, null)
                        .extract()
                        .asString()
                + put("s-pager", pagerDuty("s-pager"), NotifierInstallation.EDITOR, null)
                        .extract()
                        .asString()
                + put("s-hook", webhook("s-hook"), NotifierInstallation.EDITOR, null)
                        .extract()
                        .asString()
                + get("/api/v1/channels?project=shop")
                + get("/api/v1/channels/shop/s-bot")
                + put("s-bot", bot("s-bot").replace("xoxb-fake", "secret-fake"), NotifierInstallation.EDITOR, null)
                        .statusCode(400)
                        .extract()
                        .asString();
        await().atMost(SOON).until(() -> trail.containsKey("channel:shop/s-hook@1"));
        view.close();

        assertThat(written + trail)
                .contains("signingSecret", "U024BE7LH")
                .doesNotContain("xoxb-fake", "secret-fake", SIGNING, PERSON, ROUTING_KEY, NEW_SECRET, OLD_SECRET);
    }

    @Test
    void channelsAndMessagesOfBeforeStillWork() throws SQLException {
        execute("insert into notifier.channel (project, name, type, url, version, updated_at) values ('shop', 'old',"
                + " 'SLACK_WEBHOOK', '" + receiver.url() + "', 4, now())");
        execute("insert into notifier.delivery (project, environment, flag, channel, subject, occasion, transition,"
                + " message, status, created_at, due_at) values ('shop', 'production', 'flag-old', 'old', 's',"
                + " 'ROLLED_BACK', 't', '{\"text\":\"of before\",\"blocks\":[]}', 'WAITING', now(), now())");

        deliveries.addMissingLanes();
        awaitMessages(1);
        Incident incident = confirmed("flag-old", "old");
        publish(Topics.INCIDENTS, incident.id(), incident);
        awaitMessages(2);

        assertThat(receiver.messages().get(0)).isEqualTo("{\"text\":\"of before\",\"blocks\":[]}");
        assertThat(get("/api/v1/channels/shop/old")).contains("127.0.0.1/***", "\"version\":4");
    }

    @Test
    void theSchemaOfBeforeIsMigratedWithWhatIsInIt() throws SQLException {
        execute("create database before_v2");
        String url = databaseUrl.replaceFirst("/[^/?]+(\\?|$)", "/before_v2$1");
        Flyway.configure(NotifierIT.class.getClassLoader())
                .dataSource(url, databaseUser, databasePassword)
                .schemas("notifier")
                .locations("db/notifier")
                .target("1")
                .load()
                .migrate();
        try (Connection old = DriverManager.getConnection(url, databaseUser, databasePassword);
                Statement statement = old.createStatement()) {
            statement.execute("insert into notifier.channel (project, name, type, url, version, updated_at) values"
                    + " ('shop', 'old', 'SLACK_WEBHOOK', 'https://hooks.slack.com/services/x', 4, now())");
            statement.execute("insert into notifier.delivery (project, environment, flag, channel, subject, occasion,"
                    + " transition, message, status, created_at, due_at) values ('shop', 'production', 'f', 'old', 's',"
                    + " 'ROLLED_BACK', 't', '{}', 'WAITING', now(), now()), ('shop', 'production', 'f', 'gone', 's',"
                    + " 'STARTED', 'u', '{}', 'DELIVERED', now(), null)");
            Flyway.configure(NotifierIT.class.getClassLoader())
                    .dataSource(url, databaseUser, databasePassword)
                    .schemas("notifier")
                    .locations("db/notifier")
                    .load()
                    .migrate();
            try (ResultSet lanes = statement.executeQuery("select (select count(*) from notifier.lane),"
                    + " (select count(*) from notifier.delivery where notice is null and version = 0)")) {
                assertThat(lanes.next()).isTrue();
                assertThat(lanes.getInt(1)).isEqualTo(1);
                assertThat(lanes.getInt(2)).isEqualTo(2);
            }
        }
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private long count(String condition) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery("select count(*) from notifier.delivery where " + condition)) {
            found.next();
            return found.getLong(1);
        }
    }

    /** Returns how many breaches a message tells. */
    private static int counted(String message) {
        Matcher many = MANY.matcher(message);
        return many.find() ? Integer.parseInt(many.group(1).replace(",", "")) : 1;
    }

    private static int test(String name, String key) {
        return RestAssured.given()
                .header("X-API-Key", key)
                .post("/api/v1/channels/shop/" + name + "/test")
                .statusCode();
    }

    private static String get(String path) {
        return RestAssured.given()
                .header("X-API-Key", NotifierInstallation.VIEWER)
                .get(path)
                .then()
                .statusCode(200)
                .extract()
                .asString();
    }

    private String press(String user, String project) {
        String value =
                Json.write(new SlackMessage.Press(Verb.PAUSE, project, "production", "flag-buttons", 3, 9L, null));
        String payload = "{\"type\":\"block_actions\",\"user\":{\"id\":\"" + user + "\",\"username\":\"ada\"},"
                + "\"container\":{\"message_ts\":\"1700000000.1\"},\"response_url\":\"" + receiver.base()
                + "/answer\",\"actions\":[{\"action_id\":\"PAUSE\",\"value\":" + Json.write(value) + "}]}";
        return "payload=" + URLEncoder.encode(payload, StandardCharsets.UTF_8);
    }

    private static int pressed(String name, String body, String timestamp, String secret) {
        byte[] sent = body.getBytes(StandardCharsets.UTF_8);
        EncoderConfig asItIs = EncoderConfig.encoderConfig()
                .encodeContentTypeAs("application/x-www-form-urlencoded", ContentType.TEXT);
        return RestAssured.given()
                .config(RestAssured.config().encoderConfig(asItIs))
                .contentType("application/x-www-form-urlencoded")
                .header("X-Slack-Request-Timestamp", timestamp)
                .header("X-Slack-Signature", SlackSignature.of(secret, timestamp, sent))
                .body(body)
                .post("/api/v1/channels/shop/" + name + "/interactions")
                .statusCode();
    }

    private String bot(String name) {
        return HEAD + name + " }\nspec: { project: shop, type: slack, url: \"" + receiver.base()
                + "/api/\", token: xoxb-fake, channel: C024BE91L, signingSecret: " + SIGNING
                + ", people: { U024BE7LH: " + PERSON + " } }\n";
    }

    private String pagerDuty(String name) {
        return HEAD + name + " }\nspec: { project: shop, type: pagerduty, url: \"" + receiver.base()
                + "/v2/enqueue\", routingKey: " + ROUTING_KEY + " }\n";
    }

    private String webhook(String name) {
        return HEAD + name + " }\nspec: { project: shop, type: webhook, url: \"" + receiver.base()
                + "/in\", secrets: [ " + NEW_SECRET + ", " + OLD_SECRET + " ] }\n";
    }

    private String routed(String name, String hears) {
        return HEAD + name + " }\nspec: { project: shop, type: slack-webhook, url: \"" + receiver.url() + "\", " + hears
                + " }\n";
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

    private void rollout(RolloutStatus status, boolean asked, long version, String flag, String channel) {
        RolloutState state = Samples.rollout(status, asked, version, flag, Samples.plan(List.of(channel)), now);
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
