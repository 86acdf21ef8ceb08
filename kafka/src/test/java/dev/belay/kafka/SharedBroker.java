// SPDX-License-Identifier: Apache-2.0
package dev.belay.kafka;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicInteger;

import dev.belay.embedded.EmbeddedKafka;

/** One broker for the tests of a JVM; each test has topics of its own, by prefix. */
final class SharedBroker {
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final EmbeddedKafka KAFKA = start();

    private SharedBroker() {}

    static KafkaSettings settings() {
        return new KafkaSettings(KAFKA.bootstrapServers(), "t" + COUNT.incrementAndGet() + ".");
    }

    private static EmbeddedKafka start() {
        try {
            EmbeddedKafka kafka = EmbeddedKafka.start();
            Runtime.getRuntime().addShutdownHook(new Thread(kafka::close));
            return kafka;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
