// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts;

import java.io.IOException;
import java.time.Duration;

import dev.belay.contracts.keys.Role;
import dev.belay.http.KeyText;
import dev.belay.kafka.KafkaSettings;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

@QuarkusTest
@QuarkusTestResource(value = AwayInfrastructure.class, restrictToAnnotatedClass = true)
class StartWithoutDatabaseIT {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    @Test
    void startsIsReadyAndDecidesWhenTheDatabaseComes() throws IOException {
        try (Others others = new Others(KafkaSettings.configured())) {
            KeyText key = others.key(Role.VIEWER);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> given().get("/q/health/ready").then().statusCode(200));
            await().atMost(PATIENCE).untilAsserted(() -> given().header("X-API-Key", key.text())
                    .get("/api/v1/rollouts")
                    .then()
                    .statusCode(503)
                    .body("code", equalTo("database-unavailable")));

            Infrastructure.database().restart();

            await().atMost(PATIENCE).untilAsserted(() -> given().header("X-API-Key", key.text())
                    .get("/api/v1/rollouts")
                    .then()
                    .statusCode(200));
        }
    }
}
