// SPDX-License-Identifier: Apache-2.0
package dev.belay.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

import dev.belay.embedded.EmbeddedDatabase;
import dev.belay.embedded.EmbeddedKafka;
import dev.belay.embedded.FreePort;
import org.jspecify.annotations.Nullable;

/**
 * What the services of this JVM run on: a broker and a database, embedded unless external ones are given, a folder, a
 * port and keys. The services learn of it through configuration only, as they would elsewhere.
 */
public final class Installation implements AutoCloseable {
    /** What would write to the console before the services' own configuration of the log is there. */
    private static final List<Logger> EARLY =
            List.of(Logger.getLogger("org.apache.kafka"), Logger.getLogger("kafka"), Logger.getLogger("io.zonky"));

    private final Path data;
    private final Keys keys;
    private final int port;
    private final @Nullable EmbeddedKafka kafka;
    private final @Nullable EmbeddedDatabase database;
    private final Settings settings;

    private Installation(Settings settings, Path data, int port) throws IOException {
        this.settings = settings;
        this.data = data;
        this.port = port;
        this.keys = Keys.in(data, "http://127.0.0.1:" + port);
        this.kafka = settings.kafka() == null ? EmbeddedKafka.start(data.resolve("kafka"), settings.kafkaPort()) : null;
        this.database = settings.postgres() == null ? EmbeddedDatabase.start(data.resolve("postgres"), 0) : null;
    }

    /**
     * What a caller can choose.
     *
     * @param data folder that keeps everything; created when missing
     * @param port port of the one HTTP server on 127.0.0.1, 0 for a free one
     * @param kafka bootstrap servers of an external broker; null for the embedded one
     * @param kafkaPort port of the embedded broker, 0 for a free one
     * @param postgres JDBC address of an external database; null for the embedded one
     * @param postgresUser user of the external database
     * @param postgresPassword password of the external database
     * @param overrides further configuration of the services
     */
    public record Settings(
            Path data,
            int port,
            @Nullable String kafka,
            int kafkaPort,
            @Nullable String postgres,
            String postgresUser,
            String postgresPassword,
            Map<String, String> overrides) {}

    /** Starts what is not there, and tells the services of this JVM through system properties. */
    public static Installation start(Settings settings) throws IOException {
        Installation installation = startForOthers(settings);
        installation.configuration().forEach(System::setProperty);
        return installation;
    }

    /** Starts what is not there, for services in processes of their own. */
    public static Installation startForOthers(Settings settings) throws IOException {
        EARLY.forEach(logger -> logger.setLevel(Level.SEVERE));
        Path data = Files.createDirectories(settings.data()).toAbsolutePath();
        int port = settings.port() == 0 ? FreePort.find() : settings.port();
        return new Installation(settings, data, port);
    }

    public Keys keys() {
        return keys;
    }

    public Path data() {
        return data;
    }

    /** Returns the file of everything the services say. */
    public Path log() {
        return data.resolve("belay.log");
    }

    /** Returns where the broker answers. */
    public String kafkaAddress() {
        return kafka == null ? String.valueOf(settings.kafka()) : kafka.bootstrapServers();
    }

    /** Returns where the database answers. */
    public String databaseAddress() {
        return database == null ? String.valueOf(settings.postgres()) : database.jdbcUrl();
    }

    /** Plays an outage: stops the embedded database. */
    public void stopDatabase() throws IOException {
        if (database != null) {
            database.stop();
        }
    }

    /** Ends the outage. */
    public void restartDatabase() throws IOException {
        if (database != null) {
            database.restart();
        }
    }

    /** Returns the port of everything. */
    public int port() {
        return port;
    }

    /** Returns what every service has to know, wherever it runs. */
    public Map<String, String> shared() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("kafka.bootstrap.servers", kafkaAddress());
        all.put("belay.postgres.url", databaseAddress());
        all.put("belay.postgres.user", database == null ? settings.postgresUser() : database.user());
        all.put("belay.postgres.password", database == null ? settings.postgresPassword() : database.password());
        all.put("belay.bootstrap.keys", keys.asBootstrap());
        // The database may be gone first: what is not done then is done after the next start.
        all.put("mp.messaging.connector.smallrye-kafka.graceful-shutdown", "false");
        all.putAll(settings.overrides());
        return all;
    }

    private Map<String, String> configuration() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("quarkus.http.host", "127.0.0.1");
        all.put("quarkus.http.port", Integer.toString(port));
        all.put("belay.watcher.state-dir", data.resolve("watcher").toString());
        all.put("belay.edge.last-known-good", data.resolve("edge").toString());
        all.put("quarkus.log.file.enabled", "true");
        all.put("quarkus.log.category.\"org.apache.kafka\".level", "WARN");
        all.put("quarkus.log.category.\"kafka\".level", "WARN");
        all.put("quarkus.log.category.\"io.zonky\".level", "WARN");
        all.put("quarkus.log.file.path", log().toString());
        all.putAll(shared());
        return all;
    }

    @Override
    public void close() throws IOException {
        if (kafka != null) {
            kafka.close();
        }
        if (database != null) {
            database.close();
        }
    }
}
