// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

import dev.belay.contracts.Topics;
import dev.belay.contracts.keys.ApiKey;
import dev.belay.contracts.keys.Scope;
import dev.belay.contracts.rollbacks.RollbackTarget;
import dev.belay.edge.serving.LastKnownGood;
import dev.belay.embedded.EmbeddedKafka;
import dev.belay.evaluation.ServedFlag;
import dev.belay.http.KeyText;
import dev.belay.kafka.KafkaSettings;
import dev.belay.kafka.RecordPublisher;
import dev.belay.kafka.TopicAdmin;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;

/** A broker with the topics and keys that other services would have made, and the file of an earlier run of the edge. */
public final class BrokerResource implements QuarkusTestResourceLifecycleManager {
    /** Client secret of the Sentry source {@code web}, which calls the environment production {@code prod}. */
    public static final String SENTRY_SECRET = "not-a-real-sentry-secret";

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private EmbeddedKafka kafka;
    private Path lastKnownGood;

    @Override
    public Map<String, String> start() {
        try {
            kafka = EmbeddedKafka.start();
            lastKnownGood = Files.createTempDirectory("belay-edge");
            ServedFlag remembered = ServedFlag.of(
                            EdgeFacts.definition("remembered", 1).ref())
                    .onDefinition(EdgeFacts.definition("remembered", 1))
                    .onRollback(EdgeFacts.rollback("remembered", 1, RollbackTarget.ALL));
            new LastKnownGood(lastKnownGood).writeFlags(List.of(remembered));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        KafkaSettings settings = new KafkaSettings(kafka.bootstrapServers(), "");
        TopicAdmin.ensureOwned(settings, "flag-config-service", PATIENCE);
        TopicAdmin.ensureOwned(settings, "rollout-scheduler", PATIENCE);
        TopicAdmin.ensureOwned(settings, "rollback-controller", PATIENCE);
        KeyText server = KeyText.generate();
        KeyText client = KeyText.generate();
        KeyText stranger = KeyText.generate();
        KeyText events = KeyText.generate();
        publishKeys(
                settings,
                EdgeFacts.key(server, 1, Scope.SERVER, null, null),
                EdgeFacts.key(client, 1, Scope.CLIENT, "shop", "production"),
                EdgeFacts.key(stranger, 1, Scope.CLIENT, "other", null),
                EdgeFacts.key(events, 1, Scope.EVENTS, null, null));
        return Map.ofEntries(
                Map.entry("kafka.bootstrap.servers", kafka.bootstrapServers()),
                Map.entry("belay.edge.name", "edge-1"),
                Map.entry("belay.edge.report-every", "PT0.5S"),
                Map.entry("belay.edge.stream-heartbeat", "PT0.2S"),
                Map.entry("belay.edge.last-known-good", lastKnownGood.toString()),
                Map.entry("belay.edge.sentry", "web=" + SENTRY_SECRET + "@shop/production:prod"),
                Map.entry("test.key.server", server.text()),
                Map.entry("test.key.client", client.text()),
                Map.entry("test.key.stranger", stranger.text()),
                Map.entry("test.key.events", events.text()));
    }

    @Override
    public void stop() {
        kafka.close();
    }

    private static void publishKeys(KafkaSettings settings, ApiKey... keys) {
        try (RecordPublisher publisher = new RecordPublisher(settings, "test")) {
            for (ApiKey key : keys) {
                publisher
                        .publish(Topics.KEYS, key.id(), key, key.id())
                        .toCompletableFuture()
                        .get();
            }
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
