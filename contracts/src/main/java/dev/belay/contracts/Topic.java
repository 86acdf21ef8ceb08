// SPDX-License-Identifier: Apache-2.0
package dev.belay.contracts;

import java.time.Duration;

import org.apache.kafka.common.serialization.Serde;
import org.jspecify.annotations.Nullable;

/**
 * A topic: what its records are and how the broker must keep them. Its owner creates it at start; every reader and
 * writer checks it.
 *
 * @param name name without the installation's prefix
 * @param keyFormat form of the record key, for people
 * @param type class of the value
 * @param partitions number of partitions
 * @param cleanup what the broker throws away
 * @param retention how long records are kept; null for compacted topics
 * @param timestamps who stamps records
 * @param owner module that creates the topic and writes it
 */
public record Topic<V>(
        String name,
        String keyFormat,
        Class<V> type,
        int partitions,
        Cleanup cleanup,
        @Nullable Duration retention,
        Timestamps timestamps,
        String owner) {
    /** What the broker throws away. */
    public enum Cleanup {
        /** All but the last record of each key. */
        COMPACT,
        /** Records older than the retention. */
        DELETE
    }

    /** Whose clock stamps the record. */
    public enum Timestamps {
        /** The producer's. */
        CREATE_TIME,
        /** The broker's, at append. */
        LOG_APPEND_TIME
    }

    /** @throws IllegalArgumentException if a part is missing, or retention does not fit the cleanup */
    public Topic {
        Require.name(name, "topic.name");
        Require.positive(partitions, "topic.partitions");
        Require.that(
                (retention == null) == (cleanup == Cleanup.COMPACT),
                "topic.retention",
                "is given for deleted topics and for no other",
                retention);
    }

    /**
     * Returns the name on the broker.
     *
     * @param prefix the installation's prefix, empty for none
     */
    public String on(String prefix) {
        return prefix + name;
    }

    /** Returns the name of the topic for records that {@code consumer} could not read. */
    public String deadLetters(String prefix, String consumer) {
        return on(prefix) + ".dead." + consumer;
    }

    public Serde<V> serde() {
        return new JsonSerde<>(type);
    }
}
