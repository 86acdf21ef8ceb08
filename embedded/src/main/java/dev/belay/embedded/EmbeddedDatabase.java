// SPDX-License-Identifier: Apache-2.0
package dev.belay.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.jspecify.annotations.Nullable;

/** A real PostgreSQL as child processes, on 127.0.0.1. Its data survive a stop; it ends with this process, however that ends. */
public final class EmbeddedDatabase implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LEFTOVER_PATIENCE = Duration.ofSeconds(10);
    private static final String MAX_CONNECTIONS = "200";
    /** A shell at the other end of a pipe: when this process is gone, the pipe ends, and the shell stops the server. */
    private static final String GUARD = "trap '' INT TERM HUP; read -r never; kill -INT \"$1\"";

    private final Path data;
    private final boolean temporary;
    private final int port;
    private @Nullable EmbeddedPostgres server;
    private @Nullable Process guard;

    private EmbeddedDatabase(Path data, boolean temporary, int port) throws IOException {
        this.data = data;
        this.temporary = temporary;
        this.port = port == 0 ? FreePort.find() : port;
    }

    /** Starts a database on a free port, in a temporary folder that {@link #close} deletes. */
    public static EmbeddedDatabase start() throws IOException {
        return started(new EmbeddedDatabase(Files.createTempDirectory("belay-postgres"), true, 0));
    }

    /**
     * Starts a database.
     *
     * @param data folder of its files, created when missing, kept
     * @param port port on 127.0.0.1, 0 for a free one
     * @throws IOException if it does not start within a minute
     */
    public static EmbeddedDatabase start(Path data, int port) throws IOException {
        return started(new EmbeddedDatabase(Files.createDirectories(data), false, port));
    }

    public String jdbcUrl() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
    }

    public String user() {
        return "postgres";
    }

    public String password() {
        return "postgres";
    }

    /** Stops it as an outage would: open connections break. Does nothing when it is stopped. */
    public synchronized void stop() throws IOException {
        if (server != null) {
            server.close();
            server = null;
        }
        if (guard != null) {
            guard.destroyForcibly();
            guard = null;
        }
    }

    /** Starts it again with the same data on the same port. Does nothing when it runs. */
    public synchronized void restart() throws IOException {
        if (server == null) {
            stopLeftover();
            server = EmbeddedPostgres.builder()
                    .setDataDirectory(data.resolve("data"))
                    .setOverrideWorkingDirectory(binaries().toFile())
                    .setCleanDataDirectory(false)
                    .setPort(port)
                    .setServerConfig("max_connections", MAX_CONNECTIONS)
                    .setServerConfig("fsync", temporary ? "off" : "on")
                    .setPGStartupWait(PATIENCE)
                    .start();
            guard = new ProcessBuilder("/bin/sh", "-c", GUARD, "belay-postgres-guard", serverPid())
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        }
    }

    @Override
    public void close() throws IOException {
        stop();
        if (temporary) {
            Folders.delete(data);
        }
    }

    /** A server whose guard was killed too may still run; two servers cannot have one folder. */
    private void stopLeftover() throws IOException {
        if (!Files.exists(lock())) {
            return;
        }
        Optional<ProcessHandle> leftover = ProcessHandle.of(Long.parseLong(serverPid()))
                .filter(process -> process.info().command().orElse("").endsWith("postgres"));
        if (leftover.isPresent() && !endsWithin(leftover.get(), LEFTOVER_PATIENCE)) {
            leftover.get().destroyForcibly();
            endsWithin(leftover.get(), LEFTOVER_PATIENCE);
        }
    }

    private Path lock() {
        return data.resolve("data").resolve("postmaster.pid");
    }

    private String serverPid() throws IOException {
        return Files.readAllLines(lock()).get(0).trim();
    }

    private static boolean endsWithin(ProcessHandle process, Duration patience) {
        process.destroy();
        try {
            process.onExit().get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException | ExecutionException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Unpacking takes seconds: done once for all databases of a person, where that person can write. */
    private Path binaries() {
        Path shared = Path.of(System.getProperty("user.home"), ".cache", "belay", "postgres");
        try {
            return Files.createDirectories(shared);
        } catch (IOException e) {
            return data.resolve("binaries");
        }
    }

    private static EmbeddedDatabase started(EmbeddedDatabase database) throws IOException {
        database.restart();
        return database;
    }
}
