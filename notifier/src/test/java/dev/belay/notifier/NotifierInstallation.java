// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier;

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
import dev.belay.embedded.EmbeddedDatabase;
import dev.belay.embedded.EmbeddedKafka;
import dev.belay.http.KeyText;
import dev.belay.kafka.KafkaSettings;
import dev.belay.kafka.RecordPublisher;
import dev.belay.kafka.TopicAdmin;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;

/** A broker with the topics that other services own, a database that can be stopped, and two keys. */
public class NotifierInstallation implements QuarkusTestResourceLifecycleManager {
    static final String EDITOR = "bly_editor0001_" + "e".repeat(42) + "A";
    static final String VIEWER = "bly_viewer0001_" + "v".repeat(42) + "A";

    private EmbeddedKafka kafka;
    private EmbeddedDatabase database;
    private Receiver services;

    /** Put into tests that ask for it: stands where the other services answer. */
    record Services(Receiver receiver) {}

    /** Put into tests that ask for it. */
    interface Outage {
        void begin() throws IOException;

        void end() throws IOException;
    }

    @Override
    public Map<String, String> start() {
        try {
            kafka = EmbeddedKafka.start();
            database = EmbeddedDatabase.start();
            services = new Receiver();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        KafkaSettings settings = new KafkaSettings(kafka.bootstrapServers(), "");
        for (String owner :
                Set.of("flag-config-service", "rollout-scheduler", "rollback-controller", "metrics-watcher")) {
            TopicAdmin.ensureOwned(settings, owner, Duration.ofSeconds(30));
        }
        try (RecordPublisher publisher = new RecordPublisher(settings, "test")) {
            publish(publisher, EDITOR, Role.EDITOR);
            publish(publisher, VIEWER, Role.VIEWER);
        }
        return Map.of(
                "kafka.bootstrap.servers", kafka.bootstrapServers(),
                "belay.postgres.url", database.jdbcUrl(),
                "belay.postgres.user", database.user(),
                "belay.postgres.password", database.password(),
                "belay.notifier.allow-private-addresses", "true",
                "belay.api.url", services.base(),
                "quarkus.http.test-port", "0");
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(outage(), new TestInjector.MatchesType(Outage.class));
        injector.injectIntoFields(new Services(services), new TestInjector.MatchesType(Services.class));
    }

    Outage outage() {
        return new Outage() {
            @Override
            public void begin() throws IOException {
                database.stop();
            }

            @Override
            public void end() throws IOException {
                database.restart();
            }
        };
    }

    @Override
    public void stop() {
        try {
            if (database != null) {
                database.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (kafka != null) {
            kafka.close();
        }
        if (services != null) {
            services.close();
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
