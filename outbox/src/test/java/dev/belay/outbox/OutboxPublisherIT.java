// SPDX-License-Identifier: Apache-2.0
package dev.belay.outbox;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import dev.belay.contracts.Topics;
import dev.belay.contracts.keys.ApiKey;
import dev.belay.contracts.keys.Scope;
import dev.belay.embedded.EmbeddedDatabase;
import dev.belay.embedded.EmbeddedKafka;
import dev.belay.kafka.KafkaSettings;
import dev.belay.kafka.RecordView;
import dev.belay.kafka.TopicAdmin;
import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.AgroalConnectionPoolConfiguration.ConnectionValidator;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.api.security.NamePrincipal;
import io.agroal.api.security.SimplePassword;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class OutboxPublisherIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Instant NOON = Instant.parse("2026-01-05T12:00:00Z");
    private static final AtomicInteger COUNT = new AtomicInteger();

    private static EmbeddedKafka kafka;
    private static EmbeddedDatabase postgres;
    private static AgroalDataSource database;

    private final String schema = "test_" + COUNT.incrementAndGet();
    private final List<String> published = new CopyOnWriteArrayList<>();
    private final List<AutoCloseable> open = new ArrayList<>();
    private KafkaSettings settings;

    @BeforeAll
    static void start() throws IOException, SQLException {
        kafka = EmbeddedKafka.start();
        postgres = EmbeddedDatabase.start();
        database = AgroalDataSource.from(
                new AgroalDataSourceConfigurationSupplier().connectionPoolConfiguration(pool -> pool.maxSize(4)
                        .acquisitionTimeout(Duration.ofSeconds(3))
                        .validateOnBorrow(true)
                        .connectionValidator(ConnectionValidator.defaultValidator())
                        .connectionFactoryConfiguration(factory -> factory.jdbcUrl(postgres.jdbcUrl())
                                .principal(new NamePrincipal(postgres.user()))
                                .credential(new SimplePassword(postgres.password())))));
    }

    @AfterAll
    static void stop() throws IOException {
        database.close();
        postgres.close();
        kafka.close();
    }

    @BeforeEach
    void prepare() throws SQLException {
        settings = new KafkaSettings(kafka.bootstrapServers(), schema + ".");
        TopicAdmin.ensureOwned(settings, "flag-config-service", PATIENCE);
        run("create schema " + schema);
        run("create table " + schema
                + ".outbox (id bigserial primary key, topic text not null, record_key text not null,"
                + " value text, event_id text not null, source text not null, at timestamptz not null default now())");
        open.add(RecordView.start(
                settings,
                "test",
                Topics.KEYS,
                (key, value, at) -> published.add(key + "@" + (value == null ? "none" : value.version()))));
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable closeable : open) {
            closeable.close();
        }
    }

    @Test
    void publishesInTheOrderOfAppendingAndDeletes() {
        append("a", 1);
        append("a", 2);
        append("a", 3);
        new Outbox(database, schema).append(Topics.KEYS, "a", null, "a4");

        publisher();

        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(published).containsExactly("a@1", "a@2", "a@3", "a@none");
            assertThat(rows()).isZero();
        });
    }

    @Test
    void letsOneOfTwoPublish() {
        publisher();
        publisher();

        for (int version = 1; version <= 20; version++) {
            append("a", version);
        }

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(rows()).isZero());
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(published).hasSize(20));
    }

    @Test
    void anotherTakesOverWhenThePublisherStops() {
        OutboxPublisher first = publisher();
        append("a", 1);
        await().atMost(PATIENCE).until(() -> published.contains("a@1"));
        publisher();

        first.close();
        append("a", 2);

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(published).containsExactly("a@1", "a@2"));
    }

    @Test
    void passesOverARowThatCannotBePublished() throws SQLException {
        run("insert into " + schema + ".outbox (topic, record_key, value, event_id, source)"
                + " values ('belay.nothing.v9', 'x', '{}', 'x', 'test')");
        run("insert into " + schema + ".outbox (topic, record_key, value, event_id, source)"
                + " values ('belay.keys.v1', 'x', repeat('x', 2000000), 'x', 'test')");
        append("a", 1);

        publisher();

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(published).containsExactly("a@1"));
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(rows()).isEqualTo(2));
    }

    @Test
    void goesOnAfterOutagesOfDatabaseAndBroker() throws IOException {
        publisher();
        append("a", 1);
        await().atMost(PATIENCE).until(() -> published.contains("a@1"));

        postgres.stop();
        postgres.restart();
        append("a", 2);
        await().atMost(PATIENCE).until(() -> published.contains("a@2"));

        kafka.stop();
        append("a", 3);
        kafka.restart();
        await().atMost(PATIENCE).until(() -> published.contains("a@3"));
    }

    private OutboxPublisher publisher() {
        OutboxPublisher publisher = new OutboxPublisher(database, schema, settings, schema);
        publisher.start();
        open.add(publisher);
        return publisher;
    }

    private void append(String id, long version) {
        ApiKey key =
                new ApiKey(id, version, "a".repeat(64), id, Set.of(Scope.SERVER), null, null, null, NOON, null, false);
        new Outbox(database, schema).append(Topics.KEYS, id, key, id + version);
    }

    private static void run(String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private long rows() throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet count = statement.executeQuery("select count(*) from " + schema + ".outbox")) {
            count.next();
            return count.getLong(1);
        }
    }
}
