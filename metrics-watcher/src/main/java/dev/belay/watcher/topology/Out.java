// SPDX-License-Identifier: Apache-2.0
package dev.belay.watcher.topology;

import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/**
 * A record for a topic.
 *
 * @param topic name on the broker
 * @param value its bytes
 */
record Out(String topic, byte[] value) {
    static Serde<Out> serde() {
        Deserializer<Out> none = (topic, bytes) -> {
            throw new UnsupportedOperationException("is written only");
        };
        return Serdes.serdeFrom((topic, out) -> out == null ? null : out.value(), none);
    }
}
