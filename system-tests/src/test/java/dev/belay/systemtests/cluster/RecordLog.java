// SPDX-License-Identifier: Apache-2.0
package dev.belay.systemtests.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.contracts.Json;
import dev.belay.contracts.Topics;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;

/** Reads what is written of rollouts and rollbacks, from the moment it is started, as the edges do. */
public final class RecordLog implements AutoCloseable {
    private static final Duration GLANCE = Duration.ofMillis(50);

    private final KafkaConsumer<String, String> consumer;
    private final Map<String, List<State>> states = new ConcurrentHashMap<>();
    private final Map<String, List<Back>> rollbacks = new ConcurrentHashMap<>();
    private final Thread thread = new Thread(this::read, "record-log");
    private volatile boolean closed;

    /**
     * A state of a rollout.
     *
     * @param version its version
     * @param status its status
     * @param stage its stage, from 0
     * @param atMillis time of the record
     */
    public record State(long version, String status, int stage, long atMillis) {}

    /**
     * A rollback.
     *
     * @param id key of the record
     * @param atMillis time of the record
     */
    public record Back(String id, long atMillis) {}

    RecordLog(String bootstrapServers) {
        this.consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed"),
                new StringDeserializer(),
                new StringDeserializer());
        List<TopicPartition> all = new ArrayList<>();
        for (String topic : List.of(Topics.ROLLOUTS.name(), Topics.ROLLBACKS.name())) {
            consumer.partitionsFor(topic).forEach(part -> all.add(new TopicPartition(topic, part.partition())));
        }
        consumer.assign(all);
        consumer.seekToEnd(all);
        all.forEach(consumer::position);
        thread.setDaemon(true);
        thread.start();
    }

    /** Returns the states of a flag's rollout in the order of the log. */
    public List<State> states(String flag) {
        return states.getOrDefault(flag, List.of());
    }

    /** Returns the rollbacks of a flag; one that was written again is there again. */
    public List<Back> rollbacks(String flag) {
        return rollbacks.getOrDefault(flag, List.of());
    }

    private void read() {
        try (consumer) {
            while (!closed) {
                consumer.poll(GLANCE).forEach(this::note);
            }
        }
    }

    private void note(ConsumerRecord<String, @Nullable String> found) {
        String value = found.value();
        if (value == null) {
            return;
        }
        JsonNode record = Json.read(value, JsonNode.class);
        String flag = record.path("flag").asText();
        if (found.topic().equals(Topics.ROLLBACKS.name())) {
            rollbacks
                    .computeIfAbsent(flag, any -> new CopyOnWriteArrayList<>())
                    .add(new Back(found.key(), found.timestamp()));
        } else {
            states.computeIfAbsent(flag, any -> new CopyOnWriteArrayList<>())
                    .add(new State(
                            record.path("version").asLong(),
                            record.path("status").asText(),
                            record.path("stage").asInt(),
                            found.timestamp()));
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join(Cluster.PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
