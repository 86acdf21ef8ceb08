// SPDX-License-Identifier: Apache-2.0
package dev.belay.benchmarks.baseline;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.operators.multi.processors.BroadcastProcessor;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.resteasy.reactive.RestStreamElementType;

/** Sends each record of a topic to everyone who listens, after the milliseconds since 1970 at which it arrived here. */
@Singleton
@Path("/stream")
public class BroadcastResource {
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final int MAX_BEHIND = 10_000;

    private final String servers;
    private final Optional<String> topic;
    private final BroadcastProcessor<String> records = BroadcastProcessor.create();
    private volatile boolean stopped;

    BroadcastResource(
            @ConfigProperty(name = "kafka.bootstrap.servers") String servers,
            @ConfigProperty(name = "baseline.broadcast") Optional<String> topic) {
        this.servers = servers;
        this.topic = topic;
    }

    void start(@Observes StartupEvent event) {
        topic.ifPresent(name -> {
            Thread reader = new Thread(() -> read(name), "baseline-broadcast");
            reader.setDaemon(true);
            reader.start();
        });
    }

    void stop(@Observes ShutdownEvent event) {
        stopped = true;
    }

    @GET
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @RestStreamElementType(MediaType.TEXT_PLAIN)
    public Multi<String> stream() {
        return records.onOverflow().buffer(MAX_BEHIND);
    }

    private void read(String name) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        servers,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> all = consumer.partitionsFor(name).stream()
                    .map(partition -> new TopicPartition(name, partition.partition()))
                    .toList();
            consumer.assign(all);
            consumer.seekToEnd(all);
            while (!stopped) {
                consumer.poll(POLL)
                        .forEach(each -> records.onNext(
                                System.currentTimeMillis() + " " + new String(each.value(), StandardCharsets.UTF_8)));
            }
        }
    }
}
