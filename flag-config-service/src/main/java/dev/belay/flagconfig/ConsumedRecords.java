// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig;

import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Message;

/** The client's record of a message. */
public final class ConsumedRecords {
    private ConsumedRecords() {}

    /** @throws IllegalStateException if the message does not come from Kafka */
    @SuppressWarnings("unchecked")
    public static ConsumerRecord<byte[], byte[]> of(Message<byte[]> message) {
        return ((IncomingKafkaRecordMetadata<byte[], byte[]>) message.getMetadata(IncomingKafkaRecordMetadata.class)
                        .orElseThrow(() -> new IllegalStateException("a message without metadata of Kafka")))
                .getRecord();
    }
}
