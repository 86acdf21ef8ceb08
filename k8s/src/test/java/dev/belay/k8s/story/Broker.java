// SPDX-License-Identifier: Apache-2.0
package dev.belay.k8s.story;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;

import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;

/** A Kafka of one node, the process of a container: others reach it as {@code kafka:9092}. */
final class Broker {
    static final String HOST = "kafka";
    static final int PORT = 9_092;
    static final String READY = "the broker is ready";

    private Broker() {}

    public static void main(String... args) throws IOException {
        Path folder = Files.createDirectories(Path.of("/tmp/kafka"));
        Path config = Files.write(
                folder.resolve("server.properties"),
                List.of(
                        "process.roles=broker,controller",
                        "node.id=1",
                        "listeners=PLAINTEXT://:" + PORT + ",CONTROLLER://127.0.0.1:19093",
                        "advertised.listeners=PLAINTEXT://" + HOST + ":" + PORT,
                        "controller.listener.names=CONTROLLER",
                        "controller.quorum.voters=1@127.0.0.1:19093",
                        "listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
                        "log.dirs=" + folder.resolve("log"),
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
                        "log.cleaner.dedupe.buffer.size=16777216"));
        String[] format = {
            "format",
            "--config",
            config.toString(),
            "--cluster-id",
            Uuid.randomUuid().toString()
        };
        if (StorageTool.execute(format, System.out) != 0) {
            throw new IOException(folder + " cannot be formatted");
        }
        Properties properties = new Properties();
        try (var in = Files.newInputStream(config)) {
            properties.load(in);
        }
        KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(properties, false), Time.SYSTEM);
        Runtime.getRuntime().addShutdownHook(new Thread(server::shutdown));
        server.startup();
        System.out.println(READY);
        server.awaitShutdown();
    }
}
