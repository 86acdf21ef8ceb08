// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.belay.contracts.Actor;
import dev.belay.contracts.FlagRef;
import dev.belay.contracts.Topic;
import dev.belay.contracts.Topics;
import dev.belay.contracts.audit.AuditEvent;
import dev.belay.contracts.flags.FlagDefinition;
import dev.belay.contracts.flags.Fold;
import dev.belay.contracts.flags.Segment;
import dev.belay.contracts.flags.Serve;
import dev.belay.contracts.keys.ApiKey;
import dev.belay.contracts.keys.Scope;
import dev.belay.contracts.rollbacks.Rollback;
import dev.belay.contracts.rollbacks.RollbackTarget;
import dev.belay.contracts.rollouts.AdvanceMode;
import dev.belay.contracts.rollouts.Allocation;
import dev.belay.contracts.rollouts.Audience;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.rollouts.RolloutStatus;
import dev.belay.contracts.rollouts.RolloutTemplate;
import dev.belay.contracts.rollouts.Stage;
import dev.belay.contracts.rollouts.StageClauses;
import dev.belay.embedded.EmbeddedDatabase;
import dev.belay.evaluation.Enrolment;
import dev.belay.kafka.DeadLetters;
import dev.belay.kafka.KafkaSettings;
import dev.belay.kafka.RecordPublisher;
import dev.belay.kafka.RecordView;
import dev.belay.manifest.FlagDocument;
import dev.belay.manifest.Manifests;
import dev.belay.manifest.TemplateDocument;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

@QuarkusTest
@QuarkusTestResource(value = Installation.class, restrictToAnnotatedClass = true)
class FlagConfigServiceIT {
    private static final Instant NOON = Instant.parse("2026-01-05T12:00:00Z");
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private static final Map<String, String> PEOPLE = new ConcurrentHashMap<>();

    private EmbeddedDatabase database;

    @Inject
    StartComparison comparison;

    private final List<AutoCloseable> open = new ArrayList<>();
    private KafkaSettings settings;
    private RecordPublisher publisher;

    @BeforeEach
    void connect() {
        settings = KafkaSettings.configured();
        publisher = new RecordPublisher(settings, "test");
        open.add(publisher);
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable closeable : open) {
            closeable.close();
        }
    }

    @Test
    void versionsAFlagAndSaysItToTheOthers() {
        List<FlagDefinition> published = published(Topics.FLAGS, "shop/production/versions");

        put("/flags/shop/production/versions", flag("versions", "one"))
                .statusCode(201)
                .header("ETag", "\"1\"");
        put("/flags/shop/production/versions", flag("versions", "one"))
                .statusCode(200)
                .header("ETag", "\"1\"");
        put("/flags/shop/production/versions", flag("versions", "two"))
                .statusCode(200)
                .header("ETag", "\"2\"");

        await().atMost(PATIENCE).until(() -> published.size() == 2);
        assertThat(published).extracting(FlagDefinition::version).containsExactly(1L, 2L);
        assertThat(published).extracting(FlagDefinition::title).containsExactly("one", "two");
        admin().accept("application/yaml")
                .get("/api/v1/flags/shop/production/versions")
                .then()
                .statusCode(200)
                .contentType("application/yaml")
                .body(containsString("title: two"));
        admin().header("If-None-Match", "\"2\"")
                .get("/api/v1/flags/shop/production/versions")
                .then()
                .statusCode(304);
    }

    @Test
    void refusesAWriteBasedOnAnOldVersion() {
        put("/flags/shop/production/conditional", flag("conditional", "one")).statusCode(201);

        admin().header("If-Match", "\"7\"")
                .contentType("application/yaml")
                .body(bytes(flag("conditional", "two")))
                .put("/api/v1/flags/shop/production/conditional")
                .then()
                .statusCode(412)
                .body("code", equalTo("precondition-failed"));
        admin().header("If-None-Match", "*")
                .contentType("application/yaml")
                .body(bytes(flag("conditional", "two")))
                .put("/api/v1/flags/shop/production/conditional")
                .then()
                .statusCode(412);
    }

    @Test
    void namesEveryFieldThatIsWrong() {
        put("/flags/shop/production/wrong", flag("wrong", "one").replace("type: boolean", "type: bool"))
                .statusCode(400)
                .contentType("application/problem+json")
                .body("code", equalTo("invalid"))
                .body("errors.field", hasItem("spec.type"));
        put("/flags/shop/production/other", flag("wrong", "one"))
                .statusCode(400)
                .body("detail", containsString("must be the one of the path"));
    }

    @Test
    void archivesAFlagAndBringsItBack() {
        List<FlagDefinition> published = published(Topics.FLAGS, "shop/production/archived");
        put("/flags/shop/production/archived", flag("archived", "one")).statusCode(201);

        admin().delete("/api/v1/flags/shop/production/archived").then().statusCode(204);
        admin().delete("/api/v1/flags/shop/production/archived").then().statusCode(204);

        admin().get("/api/v1/flags/shop/production/archived").then().body("spec.archived", equalTo(true));
        admin().queryParam("project", "shop")
                .get("/api/v1/flags")
                .then()
                .body("items.metadata.name", not(hasItem("archived")));
        put("/flags/shop/production/archived", flag("archived", "one"))
                .statusCode(200)
                .header("ETag", "\"3\"");
        await().atMost(PATIENCE).until(() -> published.size() == 3);
        assertThat(published).extracting(FlagDefinition::archived).containsExactly(false, true, false);
    }

    @Test
    void keepsEveryVersionOfATemplate() {
        List<RolloutTemplate> published = published(Topics.TEMPLATES, "shop/autorollout");
        put("/templates/shop/autorollout", template("first")).statusCode(201);
        put("/templates/shop/autorollout", template("second")).statusCode(200).header("ETag", "\"2\"");

        admin().get("/api/v1/templates/shop/autorollout?version=1")
                .then()
                .header("ETag", "\"1\"")
                .body("spec.title", equalTo("first"));
        admin().get("/api/v1/templates/shop/autorollout").then().body("spec.title", equalTo("second"));
        admin().get("/api/v1/templates/shop/autorollout?version=9").then().statusCode(404);
        await().atMost(PATIENCE).until(() -> published.size() == 2);
    }

    @Test
    void takesMetricsAwayWithATombstoneAndGoesOnCounting() {
        List<String> keys = keys(Topics.METRICS, "shop/conversion");
        put("/metrics/shop/conversion", metric()).statusCode(201).header("ETag", "\"1\"");

        admin().delete("/api/v1/metrics/shop/conversion").then().statusCode(204);
        admin().get("/api/v1/metrics/shop/conversion").then().statusCode(404);
        put("/metrics/shop/conversion", metric()).statusCode(201).header("ETag", "\"3\"");

        await().atMost(PATIENCE).until(() -> keys.size() == 3);
        assertThat(keys).containsExactly("shop/conversion", "shop/conversion gone", "shop/conversion");
    }

    @Test
    void publishesALongListInChunks() {
        Map<String, Optional<Segment>> records = new ConcurrentHashMap<>();
        open.add(RecordView.start(
                settings, "test", Topics.SEGMENTS, (key, value, at) -> records.put(key, Optional.ofNullable(value))));
        String members = IntStream.range(0, 30_000)
                .mapToObj(i -> "\"user-" + "0".repeat(20) + i + "\"")
                .collect(Collectors.joining(","));

        put("/segments/shop/long", segment(members)).statusCode(201);
        await().atMost(PATIENCE)
                .until(() -> records.getOrDefault("shop/long", Optional.empty()).isPresent());
        await().atMost(PATIENCE).until(() -> records.size() >= 3);
        Segment head = records.get("shop/long").orElseThrow();
        assertThat(head.members()).isEmpty();
        assertThat(IntStream.range(0, head.chunks())
                        .mapToObj(i -> records.get("shop/long/" + i).orElseThrow())
                        .mapToInt(chunk -> chunk.members().size())
                        .sum())
                .isEqualTo(30_000);

        put("/segments/shop/long", segment("\"ann\"")).statusCode(200);
        await().atMost(PATIENCE).until(() -> records.get("shop/long/0").isEmpty());
        admin().get("/api/v1/segments/shop/long").then().body("spec.members", equalTo(List.of("ann")));
    }

    @Test
    void foldsACompletedRolloutAndGivesItBackWhenItIsRolledBack() {
        List<FlagDefinition> published = published(Topics.FLAGS, "shop/production/folding");
        put("/flags/shop/production/folding", flag("folding", "one")).statusCode(201);

        publish(Topics.ROLLOUTS, "shop/production/folding", completed("folding", 1, 9));
        publish(Topics.ROLLOUTS, "shop/production/folding", completed("folding", 1, 9));

        await().atMost(PATIENCE).until(() -> published.size() == 2);
        assertThat(published.get(1).defaultRule()).isEqualTo(Serve.one("on"));
        assertThat(published.get(1).fold()).isEqualTo(new Fold(1, Serve.one("off")));

        publish(Topics.ROLLBACKS, rollback("folding", 1).recordKey(), rollback("folding", 1));
        await().atMost(PATIENCE).until(() -> published.size() == 3);
        assertThat(published.get(2).defaultRule()).isEqualTo(Serve.one("off"));
        assertThat(published.get(2).fold()).isEqualTo(new Fold(1, Serve.one("off")));

        String edited = flag("folding", "one").replace("\"off\": false", "\"off\": false, none: false");
        put("/flags/shop/production/folding", edited.replace("default: \"off\"", "default: \"on\""))
                .statusCode(409)
                .body("code", equalTo("rolled-back"));
        put("/flags/shop/production/folding", edited.replace("default: \"off\"", "default: none"))
                .statusCode(200);
        publish(Topics.ROLLBACKS, rollback("folding", 1).recordKey(), rollback("folding", 1));
        publish(Topics.ROLLOUTS, "shop/production/folding", completed("folding", 2, 9));
        await().atMost(PATIENCE).until(() -> published.size() == 5);
        assertThat(published.get(3).defaultRule()).isEqualTo(Serve.one("none"));
        assertThat(published.get(3).fold()).isEqualTo(new Fold(1, Serve.one("none")));
        assertThat(published.get(4).fold()).isEqualTo(new Fold(2, Serve.one("none")));
    }

    @Test
    void keepsWhatARunningRolloutNeeds() {
        put("/segments/shop/first", segmentNamed("first", "{ property: beta, operator: is_set }"))
                .statusCode(201);
        put("/flags/shop/production/busy", flag("busy", "one")).statusCode(201);
        publish(Topics.ROLLOUTS, "shop/production/busy", rollout("busy", 1, 1, RolloutStatus.RUNNING, "first"));
        String without = flag("busy", "one").replace("\"on\": true, ", "");

        await().atMost(PATIENCE).untilAsserted(() -> {
            put("/flags/shop/production/busy", flag("busy", "one")).statusCode(200);
            put("/flags/shop/production/busy", without)
                    .statusCode(409)
                    .body("code", equalTo("in-use"))
                    .body("detail", containsString("variant on of flag shop/production/busy cannot go: rollout 1"));
        });
        admin().delete("/api/v1/flags/shop/production/busy").then().statusCode(409);
        admin().delete("/api/v1/segments/shop/first").then().statusCode(409).body("code", equalTo("in-use"));

        publish(Topics.ROLLBACKS, rollback("busy", 1).recordKey(), rollback("busy", 1));
        await().atMost(PATIENCE)
                .untilAsserted(() -> put("/flags/shop/production/busy", without).statusCode(200));
        admin().delete("/api/v1/segments/shop/first").then().statusCode(204);
    }

    @Test
    void refusesNamesThatLeadNowhereOrInACircle() {
        String targeted = flag("targeted", "one") + "  rules: [ { when: [ { segment: nobody } ], serve: \"on\" } ]\n";
        put("/flags/shop/production/targeted", targeted)
                .statusCode(422)
                .contentType("application/problem+json")
                .body("code", equalTo("invalid-reference"))
                .body("errors[0].field", equalTo("spec.rules[0].when[0].segment"))
                .body("errors[0].rule", equalTo("must name a segment of the project"))
                .body("errors[0].value", equalTo("nobody"));
        put("/segments/shop/nobody", segmentNamed("nobody", "{ property: email, operator: is_set }"))
                .statusCode(201);
        put("/flags/shop/production/targeted", targeted).statusCode(201);
        admin().delete("/api/v1/segments/shop/nobody")
                .then()
                .statusCode(409)
                .body("detail", containsString("flag shop/production/targeted names it"));
        put("/segments/shop/nobody", segmentNamed("nobody", "{ segment: unheard }"))
                .statusCode(422)
                .body("errors[0].field", equalTo("spec.anyOf[0].match[0].segment"));

        put("/flags/shop/production/needs-b", needing("needs-b", "needs-a")).statusCode(201);
        put("/flags/shop/production/needs-a", needing("needs-a", "needs-b"))
                .statusCode(422)
                .body("errors[0].field", equalTo("spec.prerequisites[0].flag"))
                .body("errors[0].rule", equalTo("must not lead back: needs-a needs needs-b needs needs-a"));
        put("/flags/shop/production/needs-a", flag("needs-a", "one")).statusCode(201);
        put("/flags/shop/production/needs-a", flag("needs-a", "one").replace("\"on\": true", "blue: true"))
                .statusCode(409)
                .body("detail", containsString("variant on of flag shop/production/needs-a cannot go"));
    }

    @Test
    void poisonInEveryTopicItReadsIsPutAwayWithFieldRuleAndValueAndStopsNothing() throws Exception {
        List<FlagDefinition> published = published(Topics.FLAGS, "shop/production/poisoned");
        put("/flags/shop/production/poisoned", flag("poisoned", "one")).statusCode(201);
        List<Topic<?>> read = List.of(
                Topics.ROLLOUTS,
                Topics.ROLLBACKS,
                Topics.AUDIT,
                Topics.FLAGS,
                Topics.SEGMENTS,
                Topics.METRICS,
                Topics.TEMPLATES,
                Topics.KEYS);

        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                settings.clientProperties(), new ByteArraySerializer(), new ByteArraySerializer())) {
            for (Topic<?> topic : read) {
                for (String poison : List.of(
                        "{\"project\":",
                        "{\"id\":\"poisoned\",\"project\":\"shop\",\"environment\":\"production\",\"flag\":\"poisoned\","
                                + "\"name\":\"poisoned\",\"segment\":\"poisoned\",\"version\":-1,\"epoch\":-1}")) {
                    producer.send(new ProducerRecord<>(
                                    settings.nameOf(topic), bytes("shop/production/never"), bytes(poison)))
                            .get();
                }
            }
        }
        publish(Topics.ROLLOUTS, "shop/production/poisoned", completed("poisoned", 1, 1));
        await().atMost(PATIENCE).until(() -> published.size() == 2);
        publish(Topics.ROLLBACKS, "shop/production/poisoned#1#all", rollback("poisoned", 1));
        await().atMost(PATIENCE).until(() -> published.size() == 3);
        comparison.run();

        read.forEach(
                topic -> await().atMost(PATIENCE).untilAsserted(() -> assertThat(reasons(topic, FlagConfig.SERVICE))
                        .as(topic.name())
                        .anyMatch(reason -> reason.contains("end-of-input"))
                        .anyMatch(reason -> reason.matches(".*: .*[a-zA-Z.]+ (must|is required).*, was .*"))));
        assertThat(reasons(Topics.KEYS, "http")).hasSizeGreaterThanOrEqualTo(2);
    }

    @Test
    void makesListsAndTakesBackKeys() {
        String body = "{\"name\":\"ci\",\"scopes\":[\"admin\"],\"role\":\"viewer\",\"project\":\"shop\"}";
        var made = admin().contentType("application/json")
                .body(body)
                .post("/api/v1/keys")
                .then()
                .statusCode(201);
        String text = made.extract().path("key");
        String id = made.extract().path("id");

        await().atMost(PATIENCE)
                .untilAsserted(() -> with(text).get("/api/v1/flags").then().statusCode(200));
        with(text)
                .contentType("application/yaml")
                .body(bytes(flag("forbidden", "one")))
                .put("/api/v1/flags/shop/production/forbidden")
                .then()
                .statusCode(403);
        with(text).get("/api/v1/metrics/other/m").then().statusCode(403);
        with(text).get("/api/v1/keys").then().statusCode(403);
        admin().get("/api/v1/keys/" + id)
                .then()
                .body("name", equalTo("ci"))
                .body("key", nullValue())
                .body("hash", nullValue());

        admin().delete("/api/v1/keys/" + id).then().statusCode(204);
        await().atMost(PATIENCE)
                .untilAsserted(() -> with(text).get("/api/v1/flags").then().statusCode(401));
        admin().get("/api/v1/keys").then().body("items.find { it.id == '" + id + "' }.revoked", equalTo(true));
    }

    @Test
    void givesAUserOneKey() {
        String body = "{\"login\":\"ann\",\"role\":\"editor\"}";
        String text = admin().contentType("application/json")
                .body(body)
                .post("/api/v1/users")
                .then()
                .statusCode(201)
                .extract()
                .path("key");

        admin().contentType("application/json")
                .body(body)
                .post("/api/v1/users")
                .then()
                .statusCode(409)
                .body("code", equalTo("user-exists"));
        admin().get("/api/v1/users").then().body("items.login", hasItem("ann"));
        await().atMost(PATIENCE).untilAsserted(() -> with(text)
                .contentType("application/yaml")
                .body(bytes(flag("by-ann", "one")))
                .put("/api/v1/flags/shop/production/by-ann")
                .then()
                .statusCode(201));
        await().atMost(PATIENCE).untilAsserted(() -> admin().queryParam("subject", "shop/production/by-ann")
                .get("/api/v1/audit")
                .then()
                .body("items[0].event.actor.name", equalTo("ann"))
                .body("items[0].event.action", equalTo("flag.create")));
    }

    @Test
    void answersARepeatedRequestForAKeyWithTheSameKey() {
        String body = "{\"name\":\"repeated\",\"scopes\":[\"server\"]}";
        String first = request("once", body)
                .post("/api/v1/keys")
                .then()
                .statusCode(201)
                .extract()
                .path("key");

        request("once", body).post("/api/v1/keys").then().statusCode(200).body("key", equalTo(first));
        request("once", body.replace("server", "client"))
                .post("/api/v1/keys")
                .then()
                .statusCode(422)
                .body("code", equalTo("idempotency-key-reused"));
        request("twice", body).post("/api/v1/keys").then().statusCode(201).body("key", not(equalTo(first)));
        admin().queryParam("limit", 1000)
                .get("/api/v1/keys")
                .then()
                .body("items.findAll { it.name == 'repeated' }.size()", equalTo(2));

        String person = "{\"login\":\"repeated\",\"role\":\"viewer\"}";
        String key = request("person", person)
                .post("/api/v1/users")
                .then()
                .statusCode(201)
                .extract()
                .path("key");
        request("person", person).post("/api/v1/users").then().statusCode(200).body("key", equalTo(key));
        request("another", person).post("/api/v1/users").then().statusCode(409);
        await().atMost(PATIENCE)
                .untilAsserted(() -> with(key).get("/api/v1/flags").then().statusCode(200));
    }

    @Test
    void refusesKeysThatCanBeNoUse() {
        request("a", "")
                .post("/api/v1/keys")
                .then()
                .statusCode(400)
                .body("detail", equalTo("body is required, was null"));
        request("b", "null").post("/api/v1/users").then().statusCode(400);
        request("c", "{\"name\":\"k\",\"scopes\":[\"server\"],\"expiresAt\":\"2020-01-01T00:00:00Z\"}")
                .post("/api/v1/keys")
                .then()
                .statusCode(400)
                .body("detail", containsString("expiresAt must be in the future"));
        request("e", "{\"name\":\"k\",\"scopes\":[null]}")
                .post("/api/v1/keys")
                .then()
                .statusCode(400)
                .body("errors[0].field", equalTo("scopes"))
                .body("errors[0].rule", equalTo("must not hold null"));
        request("d", "{\"name\":\"k\",\"scopes\":[\"root\"]}")
                .post("/api/v1/keys")
                .then()
                .statusCode(400)
                .body("errors[0].field", equalTo("scopes[0]"));
    }

    @Test
    void letsAKeyOfOneEnvironmentChangeNothingBeyondIt() {
        String body = "{\"name\":\"staging\",\"scopes\":[\"admin\"],\"role\":\"editor\",\"project\":\"shop\","
                + "\"environment\":\"staging\"}";
        String text =
                request("staging", body).post("/api/v1/keys").then().extract().path("key");
        put("/flags/shop/production/beyond", flag("beyond", "one")).statusCode(201);
        await().atMost(PATIENCE).untilAsserted(() -> with(text)
                .contentType("application/yaml")
                .body(bytes(flag("within", "one").replace("production", "staging")))
                .put("/api/v1/flags/shop/staging/within")
                .then()
                .statusCode(201));

        with(text)
                .contentType("application/yaml")
                .body(bytes(metric()))
                .put("/api/v1/metrics/shop/conversion")
                .then()
                .statusCode(403)
                .body("detail", containsString("a metric belongs to the whole project"));
        with(text).delete("/api/v1/segments/shop/any").then().statusCode(403);
        await().atMost(PATIENCE).untilAsserted(() -> with(text)
                .get("/api/v1/audit?limit=1000")
                .then()
                .body("items.event.subject", hasItem("shop/staging/within"))
                .body("items.event.subject", not(hasItem("shop/production/beyond"))));
    }

    @Test
    void putsAnAuditEventAwayThatCanNeverBeStored() {
        publish(Topics.AUDIT, "zero", event("zero", "with a \u0000 in it"));
        publish(Topics.AUDIT, "zero", event("long", "x/" + noise()));
        publish(Topics.AUDIT, "zero", event("good", "shop/production/good"));

        await().atMost(PATIENCE).untilAsserted(() -> admin().queryParam("subject", "shop/production/good")
                .get("/api/v1/audit")
                .then()
                .body("items.event.id", equalTo(List.of("good"))));
        admin().queryParam("subject", "with a \u0000 in it")
                .get("/api/v1/audit")
                .then()
                .statusCode(400);
    }

    @Test
    void takesOverThatAKeyWasTakenBack() {
        String id = request("lost", "{\"name\":\"lost\",\"scopes\":[\"server\"]}")
                .post("/api/v1/keys")
                .then()
                .extract()
                .path("id");
        ApiKey live =
                new ApiKey(id, 1, "a".repeat(64), "lost", Set.of(Scope.SERVER), null, null, null, NOON, null, false);
        publish(
                Topics.KEYS,
                id,
                new ApiKey(id, 5, live.hash(), "lost", live.scopes(), null, null, null, NOON, null, true));
        publish(Topics.KEYS, id, live);

        comparison.run();

        admin().get("/api/v1/keys/" + id).then().body("revoked", equalTo(true));
        List<ApiKey> published = published(Topics.KEYS, id);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(
                        published.get(published.size() - 1).version())
                .isEqualTo(5));
    }

    @Test
    void chainsAnEventOnceHoweverOftenItArrives() {
        AuditEvent event = new AuditEvent(
                "once",
                "rollout-scheduler",
                Actor.person("bob"),
                "rollout.start",
                "shop/production/chained",
                "shop",
                null,
                null,
                null,
                NOON);

        publish(Topics.AUDIT, event.subject(), event);
        publish(Topics.AUDIT, event.subject(), event);
        AuditEvent last = new AuditEvent(
                "after",
                event.service(),
                event.actor(),
                "rollout.pause",
                event.subject(),
                "shop",
                null,
                null,
                null,
                NOON);
        publish(Topics.AUDIT, event.subject(), last);

        await().atMost(PATIENCE).untilAsserted(() -> admin().queryParam("subject", event.subject())
                .get("/api/v1/audit")
                .then()
                .body("items.event.id", equalTo(List.of("after", "once"))));
        admin().get("/api/v1/audit/check").then().body("isIntact", equalTo(true));
        List<String> exported = admin().queryParam("subject", event.subject())
                .get("/api/v1/audit/export")
                .then()
                .statusCode(200)
                .extract()
                .asString()
                .lines()
                .toList();
        assertThat(exported).hasSize(2);
        assertThat(exported.get(0)).startsWith("{\"seq\":").contains("\"id\":\"once\"");
        String next = admin().queryParam("limit", 1)
                .get("/api/v1/audit")
                .then()
                .extract()
                .path("next");
        admin().queryParam("after", next)
                .get("/api/v1/audit")
                .then()
                .body("items[0].seq", equalTo(Integer.parseInt(next) - 1));
    }

    @Test
    void listsProjectsAndEnvironments() {
        put("/flags/shop/production/places", flag("places", "one")).statusCode(201);

        admin().get("/api/v1/projects").then().body("items.name", hasItem("shop"));
        admin().get("/api/v1/environments?project=shop").then().body("items.name", hasItem("production"));
    }

    @Test
    void staysUpWithoutItsDatabaseAndLosesNothing() throws IOException {
        List<FlagDefinition> published = published(Topics.FLAGS, "shop/production/outage");
        put("/flags/shop/production/outage", flag("outage", "one")).statusCode(201);
        await().atMost(PATIENCE).until(() -> published.size() == 1);

        database.stop();
        try {
            publish(Topics.ROLLOUTS, "shop/production/outage", completed("outage", 1, 1));
            admin().get("/api/v1/flags/shop/production/outage")
                    .then()
                    .statusCode(503)
                    .body("code", equalTo("database-unavailable"));
            given().get("/q/health/ready").then().statusCode(200);
        } finally {
            database.restart();
        }

        await().atMost(PATIENCE).until(() -> published.size() == 2);
        assertThat(published.get(1).foldedEpoch()).isEqualTo(1);
    }

    @Test
    void publishesAgainWhatATopicLost() {
        List<FlagDefinition> published = published(Topics.FLAGS, "shop/production/lost");
        put("/flags/shop/production/lost", flag("lost", "one")).statusCode(201);
        await().atMost(PATIENCE).until(() -> published.size() == 1);
        publish(Topics.FLAGS, "shop/production/lost", null);

        comparison.run();

        await().atMost(PATIENCE).until(() -> published.size() == 2);
        assertThat(published.get(1)).isEqualTo(published.get(0));
    }

    @Test
    void takesOverWhatATopicKnowsBetter() {
        List<FlagDefinition> published = published(Topics.FLAGS, "shop/production/newer");
        put("/flags/shop/production/newer", flag("newer", "one")).statusCode(201);
        await().atMost(PATIENCE).until(() -> published.size() == 1);
        FlagDefinition ahead =
                Manifests.parseOne(flag("newer", "ahead"), FlagDocument.class).toDefinition(7, NOON);
        publish(Topics.FLAGS, "shop/production/newer", ahead);

        comparison.run();

        admin().get("/api/v1/flags/shop/production/newer")
                .then()
                .header("ETag", "\"7\"")
                .body("spec.title", equalTo("ahead"));
        put("/flags/shop/production/newer", flag("newer", "two"))
                .statusCode(200)
                .header("ETag", "\"8\"");
    }

    @Test
    void saysWhoAKeyBelongsTo() {
        admin().get("/api/v1/me")
                .then()
                .statusCode(200)
                .body("name", equalTo("admin"))
                .body("role", equalTo("admin"));
        given().get("/api/v1/me").then().statusCode(401);
    }

    @Test
    void servesThePage() {
        given().get("/")
                .then()
                .statusCode(200)
                .header("Content-Security-Policy", containsString("default-src 'self'"))
                .body(containsString("<belay-console>"));
    }

    @Test
    void describesItself() {
        given().get("/q/openapi?format=json")
                .then()
                .statusCode(200)
                .body(
                        "paths.'/api/v1/flags/{project}/{environment}/{flag}'.put.requestBody.content.'application/yaml'.schema.$ref",
                        equalTo("#/components/schemas/Document"))
                .body(
                        "paths.'/api/v1/keys'.post.requestBody.content.'application/json'.schema.$ref",
                        equalTo("#/components/schemas/KeyRequest"))
                .body("paths.'/api/v1/audit'.get.responses.'401'.$ref", equalTo("#/components/responses/Problem"))
                .body("paths.keySet()", hasItems("/api/v1/segments", "/api/v1/projects", "/api/v1/users"));
    }

    @Test
    void everyWriteToAProtectedEnvironmentPassesTheSameGate() throws Exception {
        put("/flags/shop/guarded/held", guarded("held", "one")).statusCode(201);
        put("/flags/shop/guarded/held", guarded("held", "two")).statusCode(200);
        put("/flags/shop/staging/held", guarded("held", "three").replace("guarded", "staging"))
                .statusCode(201);
        RequestSpecification petra = person("petra", "editor");
        json(petra, "{\"approvals\":1}")
                .put("/api/v1/environments/shop/guarded")
                .then()
                .statusCode(403);
        json(admin(), "{\"approvals\":1}")
                .put("/api/v1/environments/shop/guarded")
                .then()
                .statusCode(200)
                .body("isProtected", equalTo(true));

        for (Write write : writes()) {
            refused(write.send().apply(person("petra"), "reason=test"), write.path());
            Response opened = write.send().apply(person("petra"), "propose=true");
            String id = opened.path(write.idPath());
            assertThat(id).as(write.path()).isNotNull();
            person("petra").post("/api/v1/changes/" + id + "/apply").then().statusCode(403);
            approve("petra", id).statusCode(403);
            person("petra")
                    .contentType("application/json")
                    .post("/api/v1/changes/" + id + "/withdraw")
                    .then()
                    .statusCode(200)
                    .body("status", equalTo("WITHDRAWN"));
        }
        String scheduled = yaml(person("petra"), guarded("held", "unseen"))
                .put("/api/v1/flags/shop/guarded/held?at=" + Instant.now().plusMillis(500))
                .then()
                .statusCode(202)
                .extract()
                .path("id");
        await().atMost(PATIENCE).untilAsserted(() -> admin().get("/api/v1/changes/" + scheduled)
                .then()
                .body("status", equalTo("FAILED"))
                .body("outcome", containsString("asks for 1 approval")));
        put("/flags/shop/guarded/held", guarded("held", "two")).statusCode(200).header("ETag", "\"2\"");
    }

    @Test
    void anApprovedChangeIsMadeAsItWasApprovedAndNotOtherwise() throws Exception {
        put("/flags/shop/agreed/held", guarded("held", "one").replace("guarded", "agreed"))
                .statusCode(201);
        json(admin(), "{\"approvals\":1}")
                .put("/api/v1/environments/shop/agreed")
                .then()
                .statusCode(200);
        person("carl", "editor");
        person("rita", "releaser");
        String id = propose("carl", "agreed", "two");
        approve("carl", id).statusCode(403);
        approve("rita", id).statusCode(200).body("missing", equalTo(0));

        person("carl")
                .contentType("application/yaml")
                .body(bytes(guarded("held", "edited").replace("guarded", "agreed")))
                .put("/api/v1/changes/" + id)
                .then()
                .statusCode(200)
                .body("missing", equalTo(1))
                .body("approvals[0].standing", equalTo("was given to another form of the change"));
        person("carl")
                .post("/api/v1/changes/" + id + "/apply")
                .then()
                .statusCode(403)
                .contentType("application/problem+json")
                .body("code", equalTo("approval-needed"))
                .body("errors[0].field", equalTo("environment"))
                .body("errors[0].value", equalTo("shop/agreed"));
        approve("rita", id).statusCode(200);
        execute("update flag_config.flag_change_approval set at = at - interval '8 days' where change_id = '" + id
                + "'");
        person("carl").post("/api/v1/changes/" + id + "/apply").then().statusCode(403);
        approve("rita", id).statusCode(200);
        person("carl")
                .post("/api/v1/changes/" + id + "/apply")
                .then()
                .statusCode(200)
                .body("status", equalTo("APPLIED"));

        admin().get("/api/v1/flags/shop/agreed/held").then().body("spec.title", equalTo("edited"));
        admin().get("/api/v1/flags/shop/agreed/held/history")
                .then()
                .body("items[0].actor.name", equalTo("carl"))
                .body("items[0].reason", containsString("approved by rita"))
                .body("items[0].differences.path", equalTo(List.of("spec.title")));
        person("carl").post("/api/v1/changes/" + id + "/apply").then().statusCode(409);
        await().atMost(PATIENCE).untilAsserted(() -> admin().queryParam("subject", "shop/agreed/held")
                .get("/api/v1/audit")
                .then()
                .body(
                        "items.event.action",
                        hasItems("flag-change.propose", "flag-change.approve", "flag-change.apply")));
    }

    @Test
    void aScheduledChangeIsMadeAtItsTimeAndOnlyOnWhatItWasMadeFor() {
        put("/flags/shop/production/timed", flag("timed", "one")).statusCode(201);
        String late = schedule("timed", "late", 4);
        String soon = schedule("timed", "soon", 1);
        admin().contentType("application/yaml")
                .body(bytes(flag("timed", "past")))
                .put("/api/v1/flags/shop/production/timed?at=2020-01-01T00:00:00Z")
                .then()
                .statusCode(400)
                .body("detail", containsString("at must be in the future"));

        await().atMost(PATIENCE).untilAsserted(() -> admin().get("/api/v1/changes/" + soon)
                .then()
                .body("status", equalTo("APPLIED"))
                .body("outcome", containsString("applied at its time")));
        admin().get("/api/v1/flags/shop/production/timed").then().body("spec.title", equalTo("soon"));
        await().atMost(PATIENCE).untilAsserted(() -> admin().get("/api/v1/changes/" + late)
                .then()
                .body("status", equalTo("FAILED"))
                .body("outcome", containsString("was made for version 1")));
        admin().get("/api/v1/flags/shop/production/timed").then().body("spec.title", equalTo("soon"));
    }

    @Test
    void comparesCopiesAndRevertsFlags() {
        put("/flags/shop/production/moved", flag("moved", "one")).statusCode(201);
        put("/flags/shop/production/moved", flag("moved", "two")).statusCode(200);
        json(admin(), "{\"environment\":\"staging\",\"reason\":\"try it\",\"expectedVersion\":0}")
                .post("/api/v1/flags/shop/production/moved/copy?dryRun=true")
                .then()
                .statusCode(200)
                .body("from.version", equalTo(0))
                .body("to.flag", equalTo("shop/staging/moved"));
        json(admin(), "{\"environment\":\"staging\",\"reason\":\"try it\",\"expectedVersion\":0}")
                .post("/api/v1/flags/shop/production/moved/copy")
                .then()
                .statusCode(201);
        json(admin(), "{\"environment\":\"staging\",\"expectedVersion\":7}")
                .post("/api/v1/flags/shop/production/moved/copy")
                .then()
                .statusCode(412);
        admin().get("/api/v1/flags/shop/production/moved/diff?with=shop/staging/moved")
                .then()
                .body("isSame", equalTo(true));

        json(admin(), "{\"version\":1}")
                .post("/api/v1/flags/shop/production/moved/revert")
                .then()
                .statusCode(400)
                .body("detail", containsString("expectedVersion is required"));
        json(admin(), "{\"version\":1,\"expectedVersion\":1}")
                .post("/api/v1/flags/shop/production/moved/revert")
                .then()
                .statusCode(412);
        json(admin(), "{\"version\":1,\"expectedVersion\":2,\"reason\":\"two was wrong\"}")
                .post("/api/v1/flags/shop/production/moved/revert")
                .then()
                .statusCode(200)
                .header("ETag", "\"3\"")
                .body("spec.title", equalTo("one"));
        admin().get("/api/v1/flags/shop/production/moved/history?limit=2")
                .then()
                .body("items.version", equalTo(List.of(3, 2)))
                .body("items.action", equalTo(List.of("revert", "update")))
                .body("items[0].reason", equalTo("two was wrong"))
                .body("next", equalTo("2"));
        admin().get("/api/v1/flags/shop/production/moved/diff?with=shop/staging/moved")
                .then()
                .body("isSame", equalTo(false))
                .body("differences[0].path", equalTo("spec.title"))
                .body("differences[0].from", equalTo("one"))
                .body("differences[0].to", equalTo("two"));
        admin().get("/api/v1/flags/compare?from=shop/production&to=shop/staging&differing=true")
                .then()
                .body("items.find { it.flag == 'moved' }.standing", equalTo("DIFFERS"));
        admin().get("/api/v1/flags/stale?project=shop&environment=staging&days=0")
                .then()
                .body("items.find { it.flag == 'moved' }.reasons.code", equalTo(List.of("one-answer")));
    }

    @Test
    void enrolsUnitsInListsThatEdgesRead() {
        FlagRef ref = new FlagRef("shop", "production", "early");
        List<Segment> joined = published(Topics.SEGMENTS, "shop/" + Enrolment.joined(ref));
        put("/flags/shop/production/early", flag("early", "one")).statusCode(201);
        json(admin(), "{\"joined\":true}")
                .put("/api/v1/flags/shop/production/early/enrolments/u1")
                .then()
                .statusCode(409)
                .body("code", equalTo("no-early-access"));
        put("/flags/shop/production/early", flag("early", "one") + "  optIn: { in: \"on\", out: \"off\" }\n")
                .statusCode(200);
        String server = admin().contentType("application/json")
                .body("{\"name\":\"shop-server\",\"scopes\":[\"server\"],\"project\":\"shop\"}")
                .post("/api/v1/keys")
                .path("key");
        String client = admin().contentType("application/json")
                .body("{\"name\":\"shop-web\",\"scopes\":[\"client\"],\"project\":\"shop\"}")
                .post("/api/v1/keys")
                .path("key");
        String path = "/api/v1/flags/shop/production/early/enrolments/";

        await().atMost(PATIENCE).untilAsserted(() -> {
            json(with(server), "{\"joined\":true}").put(path + "u1").then().statusCode(200);
            json(with(client), "{\"joined\":true}").put(path + "u2").then().statusCode(403);
        });
        json(with(server), "{\"joined\":false}").put(path + "u2").then().statusCode(200);

        with(server)
                .get("/api/v1/flags/early-access?unit=u1")
                .then()
                .body("items.find { it.flag == 'early' }.joined", equalTo(true));
        await().atMost(PATIENCE).until(() -> joined.size() == 2);
        assertThat(joined.get(1).members()).containsExactly("u1");
        with(server).delete(path + "u1").then().statusCode(204);
        await().atMost(PATIENCE).until(() -> joined.size() == 3);
        assertThat(joined.get(2).members()).isEmpty();
        put("/segments/shop/opted-in.mine", segmentNamed("opted-in.mine", "{ property: beta, operator: is_set }"))
                .statusCode(422);
    }

    @Test
    void forcesAVariantForMeAndAnEditKeepsIt() {
        List<FlagDefinition> published = published(Topics.FLAGS, "shop/production/forced");
        put("/flags/shop/production/forced", flag("forced", "one")).statusCode(201);
        json(admin(), "{\"variant\":\"blue\"}")
                .put("/api/v1/flags/shop/production/forced/forced/ann")
                .then()
                .statusCode(400)
                .body("detail", containsString("variant must be one of on, off"));
        json(admin(), "{\"variant\":\"on\",\"until\":\"2036-01-01T00:00:00Z\"}")
                .put("/api/v1/flags/shop/production/forced/forced/ann?reason=testing")
                .then()
                .statusCode(200)
                .body("spec.forced[0].unit", equalTo("ann"));
        put("/flags/shop/production/forced", flag("forced", "two")).statusCode(200);
        admin().header("If-Match", "\"1\"")
                .delete("/api/v1/flags/shop/production/forced/forced/ann")
                .then()
                .statusCode(412);
        admin().delete("/api/v1/flags/shop/production/forced/forced/ann").then().statusCode(200);

        await().atMost(PATIENCE).until(() -> published.size() == 4);
        assertThat(published.stream().map(each -> each.forced().size())).containsExactly(0, 1, 1, 0);
    }

    @Test
    void importsFromPosthogAndExportsInOneOrder() {
        String feed = """
                {"flags":[
                   {"key":"from-posthog","filters":{"groups":[{"properties":[{"key":"id","value":1,"type":"cohort"}]}]}},
                   {"key":"not here","filters":{"groups":[]}}],
                 "cohorts":{"1":{"type":"OR","values":[{"type":"AND","values":[{"key":"beta","value":"true","operator":"exact"}]}]}}}
                """;
        String path = "/api/v1/flags/import?from=posthog&project=taken&environment=production";
        json(admin(), feed)
                .post(path + "&dryRun=true")
                .then()
                .body("items.find { it.name == 'cohort-1' }.outcome", equalTo("CREATED"));
        admin().get("/api/v1/segments/taken/cohort-1").then().statusCode(404);
        json(admin(), feed)
                .post(path)
                .then()
                .statusCode(200)
                .body("items.name", equalTo(List.of("cohort-1", "from-posthog", "not here")))
                .body("items.outcome", equalTo(List.of("CREATED", "CREATED", "REFUSED")))
                .body("items[2].errors[0].field", equalTo("metadata.name"));
        json(admin(), feed)
                .post(path)
                .then()
                .body("items.outcome", equalTo(List.of("UNCHANGED", "UNCHANGED", "REFUSED")));

        String exported = export();
        assertThat(Manifests.parse(exported))
                .extracting(document -> document.kind().text() + " " + document.name())
                .containsExactly("Segment cohort-1", "Flag from-posthog");
        assertThat(export()).isEqualTo(exported);
    }

    private static String export() {
        return admin().accept("application/yaml")
                .get("/api/v1/projects/export?project=taken")
                .then()
                .statusCode(200)
                .extract()
                .asString();
    }

    /**
     * A way to change a flag of shop/guarded.
     *
     * @param path for people
     * @param idPath where the answer names the change that was opened
     * @param send sends it, with more query parameters
     */
    private record Write(String path, String idPath, BiFunction<RequestSpecification, String, Response> send) {}

    private static List<Write> writes() {
        String base = "/api/v1/flags/shop/guarded/";
        String posthog = "{\"key\":\"imported\",\"filters\":{\"groups\":[]}}";
        return List.of(
                new Write("create", "id", (who, query) -> yaml(who, guarded("fresh", "one"))
                        .put(base + "fresh?" + query)),
                new Write("edit", "id", (who, query) -> yaml(who, guarded("held", "edited"))
                        .put(base + "held?" + query)),
                new Write("archive", "id", (who, query) -> who.delete(base + "held?" + query)),
                new Write("copy", "id", (who, query) -> json(who, "{\"environment\":\"guarded\"}")
                        .post("/api/v1/flags/shop/staging/held/copy?" + query)),
                new Write("revert", "id", (who, query) -> json(who, "{\"version\":1,\"expectedVersion\":2}")
                        .post(base + "held/revert?" + query)),
                new Write("force", "id", (who, query) -> json(who, "{\"variant\":\"on\"}")
                        .put(base + "held/forced/ann?" + query)),
                new Write("import", "items[0].change", (who, query) -> json(who, posthog)
                        .post("/api/v1/flags/import?from=posthog&project=shop&environment=guarded&" + query)));
    }

    private static void refused(Response response, String path) {
        if (path.equals("import")) {
            response.then().statusCode(200).body("items[0].outcome", equalTo("REFUSED"));
            return;
        }
        assertThat(response.statusCode()).as(path).isEqualTo(403);
        response.then().body("code", equalTo("approval-needed"));
    }

    private static String propose(String login, String environment, String title) {
        return yaml(person(login), guarded("held", title).replace("guarded", environment))
                .put("/api/v1/flags/shop/" + environment + "/held?propose=true")
                .then()
                .statusCode(202)
                .header("Location", containsString("/api/v1/changes/"))
                .body("differences[0].path", equalTo("spec.title"))
                .body("missing", equalTo(1))
                .extract()
                .path("id");
    }

    private static String schedule(String name, String title, int seconds) {
        return yaml(admin(), flag(name, title))
                .put("/api/v1/flags/shop/production/" + name + "?at="
                        + Instant.now().plusSeconds(seconds))
                .then()
                .statusCode(202)
                .extract()
                .path("id");
    }

    private static ValidatableResponse approve(String login, String id) {
        String hash = admin().get("/api/v1/changes/" + id).path("hash");
        return json(person(login), "{\"hash\":\"" + hash + "\"}")
                .post("/api/v1/changes/" + id + "/approve")
                .then();
    }

    private static RequestSpecification person(String login, String role) {
        String key = json(admin(), "{\"login\":\"" + login + "\",\"role\":\"" + role + "\"}")
                .post("/api/v1/users")
                .then()
                .statusCode(201)
                .extract()
                .path("key");
        PEOPLE.put(login, key);
        await().atMost(PATIENCE)
                .untilAsserted(() -> with(key).get("/api/v1/me").then().statusCode(200));
        return with(key);
    }

    private static RequestSpecification person(String login) {
        return with(PEOPLE.get(login));
    }

    private static RequestSpecification json(RequestSpecification who, String body) {
        return who.contentType("application/json").body(body);
    }

    private static RequestSpecification yaml(RequestSpecification who, String body) {
        return who.contentType("application/yaml").body(bytes(body));
    }

    private static String guarded(String name, String title) {
        return flag(name, title).replace("environment: production", "environment: guarded");
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }

    private static RequestSpecification admin() {
        String setting = ConfigProvider.getConfig().getValue("belay.bootstrap.keys", String.class);
        return with(setting.substring("admin=".length()));
    }

    private static RequestSpecification request(String idempotencyKey, String body) {
        return admin().header("Idempotency-Key", idempotencyKey)
                .contentType("application/json")
                .body(body);
    }

    private static RequestSpecification with(String key) {
        return given().header("Authorization", "Bearer " + key);
    }

    private static ValidatableResponse put(String path, String manifest) {
        return admin().contentType("application/yaml")
                .body(bytes(manifest))
                .put("/api/v1" + path)
                .then();
    }

    /** REST-assured writes texts of media types it knows only. */
    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String flag(String name, String title) {
        return """
                apiVersion: belay.dev/v1
                kind: Flag
                metadata: { name: %s }
                spec:
                  project: shop
                  environment: production
                  title: %s
                  type: boolean
                  variants: { "on": true, "off": false }
                  off: "off"
                  default: "off"
                """.formatted(name, title);
    }

    private static String needing(String name, String other) {
        return flag(name, "one") + "  prerequisites: [ { flag: " + other + ", variants: [ \"on\" ] } ]\n";
    }

    private static String segmentNamed(String name, String condition) {
        return """
                apiVersion: belay.dev/v1
                kind: Segment
                metadata: { name: %s }
                spec: { project: shop, match: [ %s ] }
                """.formatted(name, condition);
    }

    private static AuditEvent event(String id, String subject) {
        return new AuditEvent(
                id, "rollout-scheduler", Actor.person("bob"), "rollout.start", subject, "shop", null, null, null, NOON);
    }

    /** Too long for an index, and nothing in it can be packed. */
    private static String noise() {
        return new Random(7)
                .ints(20_000, 'a', 'z' + 1)
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
    }

    private static String metric() {
        return """
                apiVersion: belay.dev/v1
                kind: Metric
                metadata: { name: conversion }
                spec: { project: shop, kind: conversion, event: purchase, within: 24h, goodWhen: up }
                """;
    }

    private static String segment(String members) {
        return "{\"apiVersion\":\"belay.dev/v1\",\"kind\":\"Segment\",\"metadata\":{\"name\":\"long\"},"
                + "\"spec\":{\"project\":\"shop\",\"members\":[" + members + "]}}";
    }

    private static String template(String title) {
        return """
                apiVersion: belay.dev/v1
                kind: RolloutTemplate
                metadata: { name: autorollout }
                spec:
                  project: shop
                  title: %s
                  stages:
                    - { name: half, to: 50%%, atLeast: 1h }
                    - { name: everyone, to: 100%%, control: 5%%, atLeast: 24h }
                  advance: { when: byHand }
                  guardrails: []
                """.formatted(title);
    }

    private static RolloutState completed(String flag, int epoch, long version) {
        return rollout(flag, epoch, version, RolloutStatus.COMPLETED, null);
    }

    private static RolloutState rollout(
            String flag, int epoch, long version, RolloutStatus status, String firstSegment) {
        RolloutTemplate template =
                Manifests.parseOne(template("plan"), TemplateDocument.class).toDefinition(1, NOON);
        List<Stage> stages = new ArrayList<>(template.stages());
        if (firstSegment != null) {
            Audience audience = Audience.segment(firstSegment);
            stages.add(0, new Stage("first", audience, null, Duration.ZERO, null, AdvanceMode.BY_HAND, null, null));
        }
        Plan plan = new Plan(
                "autorollout@1",
                null,
                null,
                "off",
                List.of("on"),
                stages,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                template.sensitivity(),
                List.of(),
                List.of(),
                Plan.ALPHA,
                Plan.BETA);
        return new RolloutState(
                "shop",
                "production",
                flag,
                epoch,
                version,
                status,
                plan,
                List.of(new Allocation(1, 1, StageClauses.of(plan, 1), NOON)),
                NOON,
                null,
                false,
                Actor.person("bob"),
                "done",
                NOON,
                NOON);
    }

    private static Rollback rollback(String flag, int epoch) {
        return new Rollback(
                "shop",
                "production",
                flag,
                epoch,
                RollbackTarget.ALL,
                "conversion fell",
                null,
                Actor.person("bob"),
                NOON);
    }

    private <V> void publish(Topic<V> topic, String key, V value) {
        publisher.publish(topic, key, value, key).toCompletableFuture().join();
    }

    private <V> List<V> published(Topic<V> topic, String key) {
        List<V> values = new CopyOnWriteArrayList<>();
        open.add(RecordView.start(settings, "test", topic, (found, value, at) -> {
            if (found.equals(key) && value != null) {
                values.add(value);
            }
        }));
        return values;
    }

    private List<String> keys(Topic<?> topic, String key) {
        List<String> keys = new CopyOnWriteArrayList<>();
        open.add(RecordView.start(settings, "test", topic, (found, value, at) -> {
            if (found.equals(key)) {
                keys.add(value == null ? found + " gone" : found);
            }
        }));
        return keys;
    }

    /** Returns why a consumer put records of a topic away; nothing when it put none away. */
    private List<String> reasons(Topic<?> topic, String consumer) {
        String name = topic.deadLetters(settings.topicPrefix(), consumer);
        Map<String, Object> properties = settings.clientProperties();
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        try (KafkaConsumer<byte[], byte[]> reader =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
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
}
