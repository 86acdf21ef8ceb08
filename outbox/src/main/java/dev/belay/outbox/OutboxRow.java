// SPDX-License-Identifier: Apache-2.0
package dev.belay.outbox;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

import dev.belay.contracts.CloudEvents;
import dev.belay.contracts.Require;
import dev.belay.contracts.Topic;
import dev.belay.contracts.Topics;
import dev.belay.kafka.KafkaSettings;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** A row of the outbox, as {@link Schema#select} reads it. */
record OutboxRow(
        long id, String topic, String key, @Nullable String value, String eventId, String source, Instant at) {

    /** Below what brokers and producers take by default, headers included. */
    private static final int MAX_BYTES = 1_000_000;

    /** @throws IllegalArgumentException if the topic is none of Belay's or the value too large for a broker */
    ProducerRecord<byte[], byte[]> record(KafkaSettings settings) {
        Topic<?> known = Topics.all().stream()
                .filter(candidate -> candidate.name().equals(topic))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("outbox.topic must be a topic of Belay, was " + topic));
        byte[] bytes = value == null ? null : value.getBytes(StandardCharsets.UTF_8);
        Require.that(
                bytes == null || bytes.length <= MAX_BYTES,
                "outbox.value",
                "must have at most " + MAX_BYTES + " bytes",
                bytes == null ? 0 : bytes.length);
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(settings.nameOf(known), key.getBytes(StandardCharsets.UTF_8), bytes);
        if (value != null) {
            CloudEvents.addTo(record.headers(), known, eventId, source, key, at);
        }
        return record;
    }
}
