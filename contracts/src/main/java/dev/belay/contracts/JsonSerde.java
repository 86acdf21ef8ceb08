// SPDX-License-Identifier: Apache-2.0
package dev.belay.contracts;

import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/** JSON of one record class; null is a tombstone in both directions. */
public final class JsonSerde<V> implements Serde<V> {
    private final Class<V> type;

    public JsonSerde(Class<V> type) {
        this.type = type;
    }

    @Override
    public Serializer<V> serializer() {
        return (topic, value) -> write(value);
    }

    /** A reader that throws {@link SerializationException} with field and rule in its message. */
    @Override
    public Deserializer<V> deserializer() {
        return (topic, bytes) -> read(topic, bytes);
    }

    private static byte @Nullable [] write(@Nullable Object value) {
        return value == null ? null : Json.bytes(value);
    }

    private @Nullable V read(String topic, byte @Nullable [] bytes) {
        if (bytes == null) {
            return null;
        }
        try {
            return Json.read(bytes, type);
        } catch (IllegalArgumentException e) {
            throw new SerializationException(topic + ": " + e.getMessage(), e);
        }
    }
}
