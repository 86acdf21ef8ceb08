// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier;

import java.io.IOException;
import java.time.Duration;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@QuarkusTest
@WithTestResource(DatabaseComesLater.class)
class NotifierStartIT {
    private static final Duration SOON = Duration.ofSeconds(40);

    private NotifierInstallation.Outage outage;

    @Test
    void startsWithoutItsDatabaseAndUsesItWhenItComes() throws IOException {
        await().atMost(SOON).until(() -> RestAssured.get("/q/health/ready").statusCode() == 200);
        int without = channels();

        outage.end();

        assertThat(without).isEqualTo(503);
        await().atMost(SOON).until(() -> channels() == 200);
    }

    private static int channels() {
        return RestAssured.given()
                .header("X-API-Key", NotifierInstallation.VIEWER)
                .get("/api/v1/channels")
                .statusCode();
    }
}
