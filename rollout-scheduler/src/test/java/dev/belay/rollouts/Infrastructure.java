// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import dev.belay.embedded.EmbeddedDatabase;
import dev.belay.embedded.EmbeddedKafka;
import dev.belay.kafka.KafkaSettings;
import dev.belay.kafka.TopicAdmin;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;

/** A broker with the topics of the other services, and a database that can be taken away. */
public class Infrastructure implements QuarkusTestResourceLifecycleManager {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static EmbeddedKafka kafka;
    private static EmbeddedDatabase database;

    static EmbeddedDatabase database() {
        return database;
    }

    static Connection connect() throws SQLException {
        return DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
    }

    @Override
    public Map<String, String> start() {
        try {
            kafka = EmbeddedKafka.start();
            database = EmbeddedDatabase.start();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        KafkaSettings settings = new KafkaSettings(kafka.bootstrapServers(), "");
        List.of("flag-config-service", "metrics-watcher", "rollback-controller")
                .forEach(module -> TopicAdmin.ensureOwned(settings, module, PATIENCE));
        return Map.of(
                "kafka.bootstrap.servers", kafka.bootstrapServers(),
                "belay.postgres.url", database.jdbcUrl(),
                "belay.postgres.user", database.user(),
                "belay.postgres.password", database.password(),
                "belay.scheduler.patience", "PT2S",
                "quarkus.http.test-port", "0");
    }

    @Override
    public void stop() {
        try {
            database.close();
            kafka.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
