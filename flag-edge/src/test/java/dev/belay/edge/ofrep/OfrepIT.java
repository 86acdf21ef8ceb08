// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge.ofrep;

import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.belay.contracts.FlagRef;
import dev.belay.contracts.flags.FlagType;
import dev.belay.contracts.rollouts.RolloutStatus;
import dev.belay.edge.BrokerResource;
import dev.belay.edge.Edge;
import dev.belay.edge.EdgeFacts;
import dev.belay.edge.serving.Serving;
import dev.belay.evaluation.Bucketing;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static dev.belay.edge.Edge.as;
import static dev.belay.edge.Edge.evaluate;
import static dev.belay.edge.Edge.inShop;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Answers as the OFREP document wants them, and as its clients need them. */
@QuarkusTest
@WithTestResource(BrokerResource.class)
class OfrepIT {
    private static final String FLAGS = "/ofrep/v1/evaluate/flags";
    private static final String CONTEXT = "{\"context\":{\"targetingKey\":\"u1\"}}";

    @Inject
    Serving serving;

    private final OfrepSchemas schemas = new OfrepSchemas();
    private final Edge edge = new Edge();

    @BeforeEach
    void awaitReady() {
        Edge.awaitReady();
    }

    @AfterEach
    void close() {
        edge.close();
    }

    @Test
    void answersOfEveryTypeFitTheSchema() {
        define("of-text", FlagType.STRING, TextNode.valueOf("a"), TextNode.valueOf("b"));
        define("of-integer", FlagType.NUMBER, IntNode.valueOf(1), IntNode.valueOf(2));
        define("of-float", FlagType.NUMBER, DoubleNode.valueOf(1), DoubleNode.valueOf(2.5));
        define(
                "of-object",
                FlagType.JSON,
                JsonNodeFactory.instance.objectNode(),
                JsonNodeFactory.instance.objectNode().putNull("x").set("y", IntNode.valueOf(1)));
        edge.publish(EdgeFacts.definition("of-boolean", 1));
        for (String flag : List.of("of-text", "of-integer", "of-float", "of-object", "of-boolean")) {
            Response answer = evaluate(flag, "u1");
            fits("serverEvaluationSuccess", 200, answer);
            assertThat(answer.jsonPath().getMap("metadata")).containsEntry("flagSetId", "shop/production");
        }
        assertThat(evaluate("of-float", "u1").asString())
                .as("a float stays one")
                .contains("\"value\":1.0,");
    }

    @Test
    void aRaisedFlagFitsTheSchema() {
        raise("raised", 1, 50);
        fits("serverEvaluationSuccess", 200, evaluate("raised", "u1"));
    }

    @Test
    void errorsOfTheRequestFitTheSchema() {
        raise("hashed", 1, 50);
        for (String body : List.of("{\"context\":{}}", "{\"context\":7}", "{}", "[]", "{", "")) {
            Response answer = inShop("server").body(body).post(FLAGS + "/hashed");
            fits("evaluationFailure", 400, answer);
            assertThat(answer.jsonPath().getString("key")).isEqualTo("hashed");
        }
        for (String body : List.of("{\"context\":7}", "{", "")) {
            fits("bulkEvaluationFailure", 400, inShop("server").body(body).post(FLAGS));
        }
        String targetingKey = "{\"context\":{\"targetingKey\":7}}";
        fits("evaluationFailure", 400, inShop("server").body(targetingKey).post(FLAGS + "/hashed"));
        String large = "{\"context\":{\"targetingKey\":\"" + "x".repeat(300_000) + "\"}}";
        fits("evaluationFailure", 400, inShop("server").body(large).post(FLAGS + "/hashed"));
        fits("evaluationFailure", 400, as("server").body(CONTEXT).post(FLAGS + "/hashed"));
    }

    @Test
    void anUnknownFlagFitsTheSchema() {
        fits("flagNotFound", 404, evaluate("no-such-flag", "u1"));
    }

    @Test
    void whoMayNotIsToldSoInOfrep() {
        Response forbidden = inShop("stranger").body(CONTEXT).post(FLAGS + "/any");
        assertThat(forbidden.statusCode()).isEqualTo(403);
        fits("evaluationFailure", 403, forbidden);
        fits("bulkEvaluationFailure", 403, inShop("stranger").body(CONTEXT).post(FLAGS));
        Response unknown = given().contentType("application/json").body(CONTEXT).post(FLAGS);
        fits("bulkEvaluationFailure", 401, unknown);
    }

    @Test
    void aBulkAnswerFitsTheSchemaWithItsErrorsToo() {
        raise("bulk-hashed", 1, 50);
        fits("bulkEvaluationSuccess", 200, bulk("u1", null));
        Response keyless = inShop("client").body("{\"context\":{}}").post(FLAGS);
        fits("bulkEvaluationSuccess", 200, keyless);
        assertThat(keyless.jsonPath().getString("flags.find { it.key == 'bulk-hashed' }.errorCode"))
                .isEqualTo("TARGETING_KEY_MISSING");
    }

    @Test
    void whatIsKnownAlreadyHasNoBody() {
        String tag = bulk("u1", null).header("ETag");
        for (String known : List.of(tag, "W/" + tag, "\"x\", " + tag, "*")) {
            Response answer = bulk("u1", known);
            assertThat(answer.statusCode()).as(known).isEqualTo(304);
            assertThat(answer.asString()).isEmpty();
            assertThat(answer.header("ETag")).isEqualTo(tag);
        }
    }

    @Test
    void theTagChangesExactlyWhenAnAnswerDoes() {
        String low = unit("tagged", 0, 0.4);
        String high = unit("tagged", 0.6, 1);
        raise("tagged", 1, 50);
        String lowTag = bulk(low, null).header("ETag");
        String highTag = bulk(high, null).header("ETag");
        assertThat(bulk(high, lowTag).statusCode()).as("another answer").isEqualTo(200);

        edge.publish(EdgeFacts.rollout("tagged", 1, 2, RolloutStatus.PAUSED, 50));
        awaitReport(2);
        assertThat(bulk(low, lowTag).statusCode()).as("paused").isEqualTo(304);

        edge.publish(EdgeFacts.rollout("tagged", 1, 3, 55));
        awaitReport(3);
        assertThat(bulk(low, lowTag).statusCode()).as("others raised").isEqualTo(304);
        assertThat(bulk(high, highTag).statusCode()).as("others raised").isEqualTo(304);

        edge.publish(EdgeFacts.rollout("tagged", 1, 4, 100));
        awaitReport(4);
        assertThat(bulk(low, lowTag).statusCode()).as("on before").isEqualTo(304);
        assertThat(bulk(high, highTag).statusCode()).as("on now").isEqualTo(200);
    }

    @Test
    void aWebPageMayCall() {
        given().header("Origin", "https://shop.example")
                .header("Access-Control-Request-Method", "POST")
                .header("Access-Control-Request-Headers", "authorization")
                .options(FLAGS)
                .then()
                .statusCode(204)
                .header("Access-Control-Allow-Origin", "*");
        Response answer = inShop("client")
                .header("Origin", "https://shop.example")
                .body(CONTEXT)
                .post(FLAGS);
        assertThat(answer.header("Access-Control-Allow-Origin")).isEqualTo("*");
        assertThat(answer.header("Access-Control-Expose-Headers")).contains("ETag");
        assertThat(given().header("Origin", "https://shop.example")
                        .get("/q/health/live")
                        .header("Access-Control-Allow-Origin"))
                .isNull();
    }

    private void fits(String schema, int status, Response answer) {
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(status);
        assertThat(answer.contentType()).startsWith("application/json");
        assertThat(schemas.complaints(schema, answer.asString()))
                .as(answer.asString())
                .isEmpty();
    }

    private void define(String flag, FlagType type, JsonNode off, JsonNode on) {
        edge.publish(EdgeFacts.definition(flag, 1, type, off, on));
    }

    private void raise(String flag, long version, double percent) {
        edge.publish(EdgeFacts.definition(flag, 1));
        edge.publish(EdgeFacts.rollout(flag, 1, version, percent));
        await().atMost(Edge.PATIENCE)
                .until(() -> "rest".equals(evaluate(flag, "waiting").path("metadata.clause")));
    }

    /** The answers themselves do not tell one version of the rollout from the next. */
    private void awaitReport(long version) {
        FlagRef ref = new FlagRef("shop", "production", "tagged");
        await().atMost(Edge.PATIENCE).until(() -> serving.flag(ref).versions().rollout() == version);
    }

    private static String unit(String flag, double above, double upTo) {
        for (int i = 0; ; i++) {
            double bucket = Bucketing.bucket(flag, "unit-" + i, Bucketing.ROLLOUT);
            if (bucket > above && bucket <= upTo) {
                return "unit-" + i;
            }
        }
    }

    private static Response bulk(String unit, String tag) {
        var request = inShop("client");
        return (tag == null ? request : request.header("If-None-Match", tag))
                .body("{\"context\":{\"targetingKey\":\"" + unit + "\"}}")
                .post(FLAGS);
    }
}
