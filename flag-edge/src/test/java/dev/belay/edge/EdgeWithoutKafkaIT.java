// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import org.junit.jupiter.api.Test;

import static dev.belay.edge.Edge.evaluate;
import static dev.belay.edge.Edge.inShop;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

/** A restart while Kafka is away: the edge serves what it served, to whom it served it. */
@QuarkusTest
@WithTestResource(AwayResource.class)
class EdgeWithoutKafkaIT {
    private static final String FLAGS = "/ofrep/v1/evaluate/flags";
    private static final String CONTEXT = "{\"context\":{\"targetingKey\":\"u1\"}}";

    @Test
    void flagsAreServedToTheKeysOfTheLastRun() {
        Response answer = evaluate("checkout", "u1");
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
        assertThat(answer.jsonPath().getString("variant")).isEqualTo("on");
        assertThat(inShop("server").body(CONTEXT).post(FLAGS).jsonPath().getList("flags.key"))
                .containsExactly("checkout", "stopped");
    }

    @Test
    void whatWasRolledBackStaysSo() {
        assertThat(evaluate("stopped", "u1").jsonPath().getString("variant")).isEqualTo("off");
    }

    @Test
    void aKeyThatWasRevokedStaysSo() {
        assertThat(inShop("revoked").body(CONTEXT).post(FLAGS).statusCode()).isEqualTo(401);
    }

    @Test
    void theEdgeIsNotReady() {
        given().get("/q/health/ready").then().statusCode(503);
    }

    @Test
    void eventsAreRefusedSoThatSendersKeepThem() {
        Response answer = inShop("server")
                .body("[{\"type\":\"outcome\",\"id\":\"o-1\",\"event\":\"purchase\",\"unit\":\"u1\"}]")
                .post("/api/v1/events");
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.contentType()).isEqualTo("application/problem+json");
        assertThat(answer.jsonPath().getString("code")).isEqualTo("not-written");
        assertThat(answer.header("Retry-After")).isEqualTo("1");
    }

    @Test
    void whereNothingIsToBeWrittenTheAnswerDoesNotWaitForTheBroker() {
        Response answer = inShop("server")
                .body("[{\"type\":\"outcome\",\"id\":\"o-2\",\"unit\":\"u1\"}]")
                .post("/api/v1/events");
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(202);
        assertThat(answer.jsonPath().getString("refused[0].field")).isEqualTo("event");
    }

    @Test
    void clientsOfPostHogKeepWhatIsNotWritten() {
        Response answer = given().contentType("application/json")
                .body("{\"api_key\":\"" + Edge.key("limited")
                        + "\",\"batch\":[{\"event\":\"purchase\",\"distinct_id\":\"u1\",\"uuid\":\"x\"}]}")
                .post("/batch");
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(503);
        assertThat(answer.header("Retry-After")).isEqualTo("1");
    }
}
