// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;

import dev.belay.embedded.EmbeddedDatabase;
import dev.belay.embedded.EmbeddedKafka;
import dev.belay.http.KeyText;
import dev.belay.kafka.KafkaSettings;
import dev.belay.kafka.TopicAdmin;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;

/** A broker and a database for the service under test, with the topics of the services it reads. */
public class Installation implements QuarkusTestResourceLifecycleManager {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String PREFIX = "it.";

    private EmbeddedKafka kafka;
    private EmbeddedDatabase database;

    @Override
    public Map<String, String> start() {
        try {
            kafka = EmbeddedKafka.start();
            database = EmbeddedDatabase.start();
            KafkaSettings settings = new KafkaSettings(kafka.bootstrapServers(), PREFIX);
            TopicAdmin.ensureOwned(settings, "rollout-scheduler", PATIENCE);
            TopicAdmin.ensureOwned(settings, "rollback-controller", PATIENCE);
            return Map.of(
                    "kafka.bootstrap.servers", kafka.bootstrapServers(),
                    "belay.kafka.topic-prefix", PREFIX,
                    "belay.postgres.url", database.jdbcUrl(),
                    "belay.postgres.user", database.user(),
                    "belay.postgres.password", database.password(),
                    "belay.bootstrap.keys", "admin=" + KeyText.generate().text());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    EmbeddedDatabase database() {
        return database;
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(database, field -> field.getType().equals(EmbeddedDatabase.class));
    }

    @Override
    public void stop() {
        try {
            database.close();
            kafka.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
