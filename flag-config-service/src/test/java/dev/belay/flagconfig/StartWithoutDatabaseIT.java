// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig;

import java.io.IOException;
import java.time.Duration;

import dev.belay.embedded.EmbeddedDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;

@QuarkusTest
@QuarkusTestResource(value = AwayInstallation.class, restrictToAnnotatedClass = true)
class StartWithoutDatabaseIT {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private EmbeddedDatabase database;

    @Test
    void startsAndMakesItsTablesAndKeysWhenTheDatabaseComes() throws IOException {
        String key = ConfigProvider.getConfig()
                .getValue("belay.bootstrap.keys", String.class)
                .substring("admin=".length());
        await().atMost(PATIENCE)
                .untilAsserted(() -> given().get("/q/health/ready").then().statusCode(200));

        database.restart();

        await().atMost(PATIENCE).untilAsserted(() -> given().header("X-API-Key", key)
                .get("/api/v1/flags")
                .then()
                .statusCode(200));
    }
}
