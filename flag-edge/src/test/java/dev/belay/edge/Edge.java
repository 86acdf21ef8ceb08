// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge;

import java.time.Duration;
import java.util.concurrent.ExecutionException;

import dev.belay.contracts.Topic;
import dev.belay.contracts.Topics;
import dev.belay.contracts.flags.FlagDefinition;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.kafka.KafkaSettings;
import dev.belay.kafka.RecordPublisher;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import org.eclipse.microprofile.config.ConfigProvider;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;

/** The edge under test as others see it: what they publish for it, and what they ask it. */
public final class Edge implements AutoCloseable {
    public static final Duration PATIENCE = Duration.ofSeconds(20);

    private final RecordPublisher publisher = new RecordPublisher(KafkaSettings.configured(), "test");

    /** @param name {@code server}, {@code client} or {@code stranger} */
    public static String key(String name) {
        return ConfigProvider.getConfig().getValue("test.key." + name, String.class);
    }

    public static RequestSpecification as(String name) {
        return given().header("Authorization", "Bearer " + key(name)).contentType("application/json");
    }

    public static RequestSpecification inShop(String name) {
        return as(name).header(Place.PROJECT_HEADER, "shop").header(Place.ENVIRONMENT_HEADER, "production");
    }

    public static void awaitReady() {
        await().atMost(PATIENCE)
                .untilAsserted(() -> given().get("/q/health/ready").then().statusCode(200));
    }

    public static Response evaluate(String flag, String unit) {
        return inShop("server")
                .body("{\"context\":{\"targetingKey\":\"" + unit + "\"}}")
                .post("/ofrep/v1/evaluate/flags/{key}", flag);
    }

    public void publish(FlagDefinition definition) {
        publish(Topics.FLAGS, definition.ref().key(), definition);
        await().atMost(PATIENCE).until(() -> Long.toString(definition.version())
                .equals(evaluate(definition.flag(), "waiting").path("metadata.version")));
    }

    public void publish(RolloutState rollout) {
        publish(Topics.ROLLOUTS, rollout.ref().key(), rollout);
    }

    public <V> void publish(Topic<V> topic, String key, V value) {
        try {
            publisher.publish(topic, key, value, key).toCompletableFuture().get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        publisher.close();
    }
}
