// SPDX-License-Identifier: Apache-2.0
package dev.belay.http;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

import dev.belay.contracts.Topics;
import dev.belay.contracts.keys.ApiKey;
import dev.belay.contracts.keys.Role;
import dev.belay.contracts.keys.Scope;
import dev.belay.kafka.KafkaSettings;
import dev.belay.kafka.RecordPublisher;
import dev.belay.kafka.TopicAdmin;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;

@QuarkusTest
@QuarkusTestResource(BrokerResource.class)
class HttpIT {
    private static final Instant LONG_AGO = Instant.parse("2020-01-01T00:00:00Z");
    private static final KeyText VIEWER = KeyText.generate();
    private static final KeyText EDITOR = KeyText.generate();
    private static final KeyText EVENTS = KeyText.generate();
    private static final KeyText EXPIRED = KeyText.generate();
    private static final KeyText REVOKED = KeyText.generate();

    private static boolean isPrepared;

    @Inject
    KeyDirectory directory;

    @BeforeEach
    void publishKeys() {
        if (isPrepared) {
            return;
        }
        assertThat(directory.isReady()).isFalse();
        given().header("X-API-Key", VIEWER.text())
                .get("/sample/look")
                .then()
                .statusCode(503)
                .header("Retry-After", "1")
                .body("code", equalTo("starting"));

        KafkaSettings settings = KafkaSettings.configured();
        TopicAdmin.ensureOwned(settings, "flag-config-service", Duration.ofSeconds(20));
        try (RecordPublisher publisher = new RecordPublisher(settings, "test")) {
            publish(publisher, key(VIEWER, "ann", Set.of(Scope.ADMIN), Role.VIEWER, null, false));
            publish(publisher, key(EDITOR, "bob", Set.of(Scope.ADMIN), Role.EDITOR, null, false));
            publish(publisher, key(EVENTS, "shop", Set.of(Scope.EVENTS), null, null, false));
            publish(publisher, key(EXPIRED, "old", Set.of(Scope.ADMIN), Role.ADMIN, LONG_AGO, false));
            publish(publisher, key(REVOKED, "gone", Set.of(Scope.ADMIN), Role.ADMIN, null, true));
        }
        await().atMost(Duration.ofSeconds(20))
                .until(() -> directory.authenticate(EVENTS.text()).isPresent());
        await().atMost(Duration.ofSeconds(20))
                .until(() -> directory.authenticate(VIEWER.text()).isPresent());
        await().atMost(Duration.ofSeconds(20))
                .until(() -> directory.authenticate(EDITOR.text()).isPresent());
        isPrepared = true;
    }

    @Test
    void asksNoKeyForWhatIsOpen() {
        given().get("/sample/open").then().statusCode(200).body(equalTo("open"));
    }

    @Test
    void asksForAKey() {
        problem(given().get("/sample/look").then(), 401, "unauthorized").header("WWW-Authenticate", "Bearer");
    }

    @Test
    void takesAKeyFromEitherHeader() {
        given().header("X-API-Key", VIEWER.text())
                .get("/sample/look")
                .then()
                .statusCode(200)
                .body("actor.kind", equalTo("PERSON"))
                .body("actor.name", equalTo("ann"));
        with(VIEWER).get("/sample/look").then().statusCode(200).body("keyId", equalTo(VIEWER.id()));
    }

    @Test
    void sendsAListAgainOnlyWhenItChanged() {
        String tag = with(VIEWER)
                .get("/sample/list?item=one")
                .then()
                .statusCode(200)
                .contentType("application/json")
                .body("items", equalTo(List.of("one")))
                .extract()
                .header("ETag");

        with(VIEWER)
                .header("If-None-Match", tag)
                .get("/sample/list?item=one")
                .then()
                .statusCode(304)
                .header("ETag", tag)
                .body(equalTo(""));
        with(VIEWER)
                .header("If-None-Match", tag)
                .get("/sample/list?item=one&item=two")
                .then()
                .statusCode(200)
                .header("ETag", not(equalTo(tag)));
        given().header("If-None-Match", tag).get("/sample/list?item=one").then().statusCode(401);
    }

    @Test
    void refusesKeysThatAreUnknownRevokedOrExpiredInTheSameWords() {
        for (KeyText key : Set.of(EXPIRED, REVOKED, KeyText.generate())) {
            problem(with(key).get("/sample/look").then(), 401, "unauthorized")
                    .body("detail", equalTo("the key is unknown, revoked or expired"));
        }
    }

    @Test
    void refusesAKnownIdWithAnotherSecret() {
        String forged = "bly_" + VIEWER.id() + "_" + "A".repeat(43);

        given().header("X-API-Key", forged).get("/sample/look").then().statusCode(401);
    }

    @Test
    void refusesARoleThatDoesNotSuffice() {
        problem(with(VIEWER).get("/sample/write").then(), 403, "forbidden")
                .body("detail", containsString("the role editor"));
        with(EDITOR).get("/sample/write").then().statusCode(200);
    }

    @Test
    void looksAtScopesWhereTheResourceSaysSo() {
        with(EVENTS).get("/sample/send").then().statusCode(200).body("actor.kind", equalTo("KEY"));
        with(VIEWER).get("/sample/send").then().statusCode(200);
        with(EVENTS).get("/sample/look").then().statusCode(403);
    }

    @Test
    void keepsAResourceThatSaysNothingToAdmins() {
        with(EDITOR).get("/unmarked").then().statusCode(403);
    }

    @Test
    void readsAndWritesJsonAsTopicsHaveIt() {
        with(VIEWER)
                .contentType("application/json")
                .body("{\"name\":\"a\",\"within\":\"PT1H\",\"at\":\"2026-01-05T12:00:00Z\",\"unknown\":1}")
                .post("/sample/echo")
                .then()
                .statusCode(200)
                .body(equalTo("{\"name\":\"a\",\"within\":\"PT1H\",\"at\":\"2026-01-05T12:00:00Z\"}"));
    }

    @Test
    void namesFieldRuleAndValueOfARefusedRecord() {
        problem(
                        with(VIEWER)
                                .contentType("application/json")
                                .body("{\"name\":\"a/b\"}")
                                .post("/sample/echo")
                                .then(),
                        400,
                        "invalid")
                .body("detail", containsString("name must be"))
                .body("detail", containsString("was a/b"));
    }

    @Test
    void saysThatABodyIsUnreadable() {
        RequestSpecification request = with(VIEWER).contentType("application/json");

        problem(request.body("{\"name\":").post("/sample/echo").then(), 400, "unreadable");
        problem(request.body("{\"name\":[]}").post("/sample/echo").then(), 400, "unreadable");
    }

    @Test
    void turnsRefusalsIntoProblems() {
        problem(with(VIEWER).get("/sample/refuse").then(), 400, "invalid")
                .body("detail", equalTo("percent must lie in [0, 100] percent, was 101"))
                .body("errors[0].field", equalTo("percent"))
                .body("errors[0].rule", equalTo("must lie in [0, 100] percent"))
                .body("errors[0].value", equalTo("101"));
        problem(with(VIEWER).get("/nowhere").then(), 404, "not-found");
        problem(with(VIEWER).delete("/sample/look").then(), 405, "method-not-allowed");
        problem(
                with(VIEWER)
                        .contentType("text/plain")
                        .body("a")
                        .post("/sample/echo")
                        .then(),
                415,
                "unsupported-media-type");
        problem(with(VIEWER).get("/sample/no-database").then(), 503, "database-unavailable");
        problem(with(VIEWER).get("/sample/no-table").then(), 503, "database-unavailable");
    }

    @Test
    void namesTheFieldThatCannotBeRead() {
        RequestSpecification request = with(VIEWER).contentType("application/json");

        problem(
                        request.body("{\"scopes\":[\"admin\",\"root\"]}")
                                .post("/sample/choose")
                                .then(),
                        400,
                        "unreadable")
                .body("errors[0].field", equalTo("scopes[1]"))
                .body("errors[0].rule", equalTo("must be one of admin, server, client, events"))
                .body("errors[0].value", equalTo("root"))
                .body("detail", equalTo("scopes[1] must be one of admin, server, client, events, was root"));
        problem(request.body("{\"until\":\"tomorrow\"}").post("/sample/choose").then(), 400, "unreadable")
                .body("errors[0].field", equalTo("until"))
                .body("errors[0].rule", containsString("must be a time"));
        problem(request.body("{\"scopes\":7}").post("/sample/choose").then(), 400, "unreadable")
                .body("errors[0].rule", equalTo("must be a list"))
                .body("detail", not(containsString("dev.belay")));
    }

    @Test
    void refusesAParameterThatCannotBeRead() {
        problem(with(VIEWER).get("/sample/page?limit=many").then(), 400, "invalid")
                .body("detail", containsString("many"));
    }

    @Test
    void refusesWhatADatabaseCannotStore() {
        problem(with(VIEWER).get("/sample/unstorable").then(), 400, "invalid");
    }

    @Test
    void saysInOpenApiWhatHoldsForEveryOperation() {
        given().get("/q/openapi?format=json")
                .then()
                .statusCode(200)
                .body("components.securitySchemes.key.name", equalTo("X-API-Key"))
                .body("components.securitySchemes.bearer.scheme", equalTo("bearer"))
                .body("security.size()", equalTo(2))
                .body("components.schemas.Problem.required", hasItem("code"))
                .body(
                        "components.responses.Problem.content.'application/problem+json'.schema.$ref",
                        equalTo("#/components/schemas/Problem"))
                .body("paths.'/sample/look'.get.responses.'403'.$ref", equalTo("#/components/responses/Problem"))
                .body(
                        "paths.'/sample/document'.put.requestBody.content.'application/yaml'.schema.$ref",
                        equalTo("#/components/schemas/Document"));
    }

    @Test
    void keepsTheWordsOfABugToItself() {
        problem(with(VIEWER).get("/sample/fail").then(), 500, "internal").body(not(containsString("secret")));
    }

    private static RequestSpecification with(KeyText key) {
        return given().header("Authorization", "Bearer " + key.text());
    }

    private static ValidatableResponse problem(ValidatableResponse response, int status, String code) {
        return response.statusCode(status)
                .contentType(Problem.MEDIA_TYPE)
                .body("code", equalTo(code))
                .body("status", equalTo(status));
    }

    private static ApiKey key(
            KeyText text, String name, Set<Scope> scopes, Role role, Instant expiresAt, boolean revoked) {
        return new ApiKey(text.id(), 1, text.hash(), name, scopes, role, null, null, LONG_AGO, expiresAt, revoked);
    }

    private static void publish(RecordPublisher publisher, ApiKey key) {
        publisher
                .publish(Topics.KEYS, key.id(), key, key.id())
                .toCompletableFuture()
                .join();
    }
}
