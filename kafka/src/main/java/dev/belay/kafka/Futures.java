// SPDX-License-Identifier: Apache-2.0
package dev.belay.kafka;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;

/** Waits for a client's answer. */
final class Futures {
    private Futures() {}

    /** @throws KafkaException if the client failed */
    static <T> T join(Future<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}
