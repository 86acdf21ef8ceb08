// SPDX-License-Identifier: Apache-2.0
package dev.belay.watcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import dev.belay.contracts.Topics;
import dev.belay.contracts.keys.ApiKey;
import dev.belay.contracts.keys.Role;
import dev.belay.contracts.keys.Scope;
import dev.belay.embedded.EmbeddedKafka;
import dev.belay.http.KeyText;
import dev.belay.kafka.KafkaSettings;
import dev.belay.kafka.RecordPublisher;
import dev.belay.kafka.TopicAdmin;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;

/** A broker with the topics and the key that other services would have made. */
public final class BrokerResource implements QuarkusTestResourceLifecycleManager {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private EmbeddedKafka kafka;

    @Override
    public Map<String, String> start() {
        KeyText admin = KeyText.generate();
        try {
            kafka = EmbeddedKafka.start();
            Path state = Files.createTempDirectory("belay-watcher");
            KafkaSettings settings = new KafkaSettings(kafka.bootstrapServers(), "");
            Stream.of("flag-config-service", "rollout-scheduler", "rollback-controller", "flag-edge")
                    .forEach(module -> TopicAdmin.ensureOwned(settings, module, PATIENCE));
            publish(settings, admin);
            return Map.of(
                    "kafka.bootstrap.servers", kafka.bootstrapServers(),
                    "belay.watcher.state-dir", state.toString(),
                    "test.key.admin", admin.text());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void stop() {
        kafka.close();
    }

    private static void publish(KafkaSettings settings, KeyText text) {
        ApiKey key = new ApiKey(
                text.id(),
                1,
                text.hash(),
                "ada",
                Set.of(Scope.ADMIN),
                Role.ADMIN,
                null,
                null,
                Instant.now(),
                null,
                false);
        try (RecordPublisher publisher = new RecordPublisher(settings, "test")) {
            publisher
                    .publish(Topics.KEYS, key.id(), key, "1")
                    .toCompletableFuture()
                    .join();
        }
    }
}
