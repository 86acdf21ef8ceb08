// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollback;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;

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

/** A broker with the topics that other services own, and two keys. */
public class ControllerInstallation implements QuarkusTestResourceLifecycleManager {
    static final String OPERATOR = "bly_operator1_" + "o".repeat(42) + "A";
    static final String VIEWER = "bly_viewer001_" + "v".repeat(42) + "A";
    static final Duration CONFIRM_WITHIN = Duration.ofSeconds(2);

    static final Duration NOT_JUDGED_AFTER = Duration.ofSeconds(3);

    private EmbeddedKafka kafka;

    @Override
    public Map<String, String> start() {
        try {
            kafka = EmbeddedKafka.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        KafkaSettings settings = new KafkaSettings(kafka.bootstrapServers(), "");
        for (String owner : Set.of("flag-config-service", "rollout-scheduler", "flag-edge", "metrics-watcher")) {
            TopicAdmin.ensureOwned(settings, owner, Duration.ofSeconds(30));
        }
        try (RecordPublisher publisher = new RecordPublisher(settings, "test")) {
            publish(publisher, OPERATOR, Role.OPERATOR);
            publish(publisher, VIEWER, Role.VIEWER);
        }
        return Map.of(
                "kafka.bootstrap.servers", kafka.bootstrapServers(),
                "belay.controller.confirm-within", CONFIRM_WITHIN.toString(),
                "belay.controller.not-judged-after", NOT_JUDGED_AFTER.toString(),
                "belay.controller.hold-after", NOT_JUDGED_AFTER.toString(),
                "quarkus.http.test-port", "0");
    }

    @Override
    public void stop() {
        if (kafka != null) {
            kafka.close();
        }
    }

    private static void publish(RecordPublisher publisher, String text, Role role) {
        KeyText key = KeyText.parse(text);
        ApiKey record = new ApiKey(
                key.id(),
                1,
                key.hash(),
                role.name(),
                Set.of(Scope.ADMIN),
                role,
                null,
                null,
                Instant.EPOCH,
                null,
                false);
        publisher
                .publish(Topics.KEYS, key.id(), record, key.id())
                .toCompletableFuture()
                .join();
    }
}
