// SPDX-License-Identifier: Apache-2.0
package dev.belay.embedded;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;

/**
 * A real Kafka broker in this process: one node that is controller and broker, on 127.0.0.1. It never creates topics by
 * itself. Records survive a restart in the same folder.
 */
public final class EmbeddedKafka implements AutoCloseable {
    private static final String HOST = "127.0.0.1";

    private final Path data;
    private final boolean temporary;
    private final int port;
    private final int controllerPort;
    private @Nullable KafkaRaftServer server;

    private EmbeddedKafka(Path data, boolean temporary, int port) throws IOException {
        this.data = data;
        this.temporary = temporary;
        this.port = port == 0 ? FreePort.find() : port;
        this.controllerPort = FreePort.find();
    }

    /** Starts a broker on a free port, in a temporary folder that {@link #close} deletes. */
    public static EmbeddedKafka start() throws IOException {
        return started(new EmbeddedKafka(Files.createTempDirectory("belay-kafka"), true, 0));
    }

    /**
     * Starts a broker.
     *
     * @param data folder of its logs, created when missing, kept
     * @param port port on 127.0.0.1, 0 for a free one
     * @throws IOException if the folder cannot be used
     */
    public static EmbeddedKafka start(Path data, int port) throws IOException {
        return started(new EmbeddedKafka(Files.createDirectories(data), false, port));
    }

    public String bootstrapServers() {
        return HOST + ":" + port;
    }

    /** Stops the broker; its records stay. Does nothing when it is stopped. */
    public synchronized void stop() {
        if (server != null) {
            server.shutdown();
            server.awaitShutdown();
            server = null;
        }
    }

    /** Starts the broker again, in the same folder on the same port. Does nothing when it runs. */
    public synchronized void restart() throws IOException {
        if (server != null) {
            return;
        }
        Path config = writeConfig();
        if (!Files.exists(data.resolve("log").resolve("meta.properties"))) {
            format(config);
        }
        Properties properties = new Properties();
        try (var in = Files.newInputStream(config)) {
            properties.load(in);
        }
        KafkaRaftServer starting = new KafkaRaftServer(new KafkaConfig(properties, false), Time.SYSTEM);
        starting.startup();
        server = starting;
    }

    @Override
    public void close() {
        stop();
        if (temporary) {
            Folders.delete(data);
        }
    }

    private static EmbeddedKafka started(EmbeddedKafka kafka) throws IOException {
        kafka.restart();
        return kafka;
    }

    private static void format(Path config) throws IOException {
        String[] arguments = {
            "format",
            "--config",
            config.toString(),
            "--cluster-id",
            Uuid.randomUuid().toString()
        };
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        int code = StorageTool.execute(arguments, new PrintStream(said, true, StandardCharsets.UTF_8));
        if (code != 0) {
            throw new IOException("the broker's folder cannot be formatted: " + said.toString(StandardCharsets.UTF_8));
        }
    }

    private Path writeConfig() throws IOException {
        List<String> lines = new ArrayList<>(List.of(
                "process.roles=broker,controller",
                "node.id=1",
                "listeners=PLAINTEXT://" + HOST + ":" + port + ",CONTROLLER://" + HOST + ":" + controllerPort,
                "advertised.listeners=PLAINTEXT://" + HOST + ":" + port,
                "controller.listener.names=CONTROLLER",
                "controller.quorum.voters=1@" + HOST + ":" + controllerPort,
                "listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
                "log.dirs=" + data.resolve("log"),
                "auto.create.topics.enable=false",
                "offsets.topic.replication.factor=1",
                "offsets.topic.num.partitions=4",
                "transaction.state.log.replication.factor=1",
                "transaction.state.log.min.isr=1",
                "transaction.state.log.num.partitions=4",
                "share.coordinator.state.topic.replication.factor=1",
                "share.coordinator.state.topic.min.isr=1",
                "share.coordinator.state.topic.num.partitions=1",
                "group.initial.rebalance.delay.ms=0",
                "num.network.threads=2",
                "num.io.threads=4",
                "background.threads=2",
                "log.cleaner.dedupe.buffer.size=16777216",
                "controlled.shutdown.enable=false"));
        Path config = data.resolve("server.properties");
        return Files.write(config, lines);
    }
}
