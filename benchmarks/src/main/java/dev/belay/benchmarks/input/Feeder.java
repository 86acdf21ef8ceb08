// SPDX-License-Identifier: Apache-2.0
package dev.belay.benchmarks.input;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

import dev.belay.contracts.CloudEvents;
import dev.belay.contracts.Topic;
import dev.belay.contracts.Topics;
import dev.belay.contracts.events.Exposure;
import dev.belay.contracts.events.Outcome;
import dev.belay.kafka.KafkaSettings;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Writes records as the services do, with their headers, and without waiting for each. Thread-safe. */
public final class Feeder implements AutoCloseable {
    private final KafkaSettings settings;
    private final KafkaProducer<byte[], byte[]> producer;
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

    /** @param lingerMillis how long a record may wait for others, 0 for not at all */
    public Feeder(KafkaSettings settings, int lingerMillis) {
        this.settings = settings;
        Map<String, Object> properties = settings.clientProperties();
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.LINGER_MS_CONFIG, lingerMillis);
        ByteArraySerializer bytes = new ByteArraySerializer();
        this.producer = new KafkaProducer<>(properties, bytes, bytes);
    }

    /** Writes an exposure; the answer says when it was appended. */
    public CompletableFuture<RecordMetadata> send(Exposure exposure) {
        return send(made(Topics.EXPOSURES, exposure.recordKey(), exposure, exposure.id()));
    }

    /** Writes a record of any topic; the answer says when it was appended. */
    public CompletableFuture<RecordMetadata> send(String topic, String key, byte[] value) {
        return send(new ProducerRecord<>(topic, key.getBytes(StandardCharsets.UTF_8), value));
    }

    /** Writes an exposure; {@link #flush} says whether it was written. */
    public void put(Exposure exposure) {
        put(Topics.EXPOSURES, exposure.recordKey(), exposure, exposure.id());
    }

    /** Writes an outcome; {@link #flush} says whether it was written. */
    public void put(Outcome outcome) {
        put(Topics.OUTCOMES, outcome.recordKey(), outcome, outcome.id());
    }

    /** Writes a record of a topic of the product; {@link #flush} says whether it was written. */
    public <V> void put(Topic<V> topic, String key, V value, String id) {
        var ignored = send(made(topic, key, value, id));
    }

    /** Writes a record of any topic; {@link #flush} says whether it was written. */
    public void put(String topic, String key, byte[] value) {
        var ignored = send(topic, key, value);
    }

    /**
     * Waits until all records are acknowledged.
     *
     * @throws IllegalStateException if one was not, now or earlier
     */
    public void flush() {
        producer.flush();
        Exception failed = failure.get();
        if (failed != null) {
            throw new IllegalStateException("a record was not written", failed);
        }
    }

    @Override
    public void close() {
        producer.close();
    }

    private <V> ProducerRecord<byte[], byte[]> made(Topic<V> topic, String key, V value, String id) {
        ProducerRecord<byte[], byte[]> made = new ProducerRecord<>(
                settings.nameOf(topic),
                key.getBytes(StandardCharsets.UTF_8),
                topic.serde().serializer().serialize(topic.name(), value));
        CloudEvents.addTo(made.headers(), topic, id, topic.owner(), key, Instant.now());
        return made;
    }

    private CompletableFuture<RecordMetadata> send(ProducerRecord<byte[], byte[]> made) {
        CompletableFuture<RecordMetadata> written = new CompletableFuture<>();
        var ignored = producer.send(made, (metadata, failed) -> {
            if (failed == null) {
                written.complete(metadata);
            } else {
                failure.compareAndSet(null, failed);
                written.completeExceptionally(failed);
            }
        });
        return written;
    }
}
