// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import dev.belay.contracts.Topic;
import dev.belay.kafka.Failpoint;
import dev.belay.kafka.KafkaSettings;
import dev.belay.kafka.PatientHandler;
import dev.belay.kafka.RecordHandler;
import io.smallrye.reactive.messaging.kafka.KafkaRecord;
import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Takes the records of a channel one after the other, on a thread of its own, for as long as each needs, and acknowledges
 * only those that were handled or put aside.
 */
final class WorkQueue<V> implements AutoCloseable {
    private final PatientHandler<V> handler;
    private final ExecutorService thread;

    /**
     * @param service who handles, for the names of thread and dead-letter topic
     * @param topic what the channel reads
     */
    WorkQueue(KafkaSettings settings, String service, Topic<V> topic, RecordHandler<V> handler) {
        this.handler = new PatientHandler<>(settings, service, topic, handler);
        this.thread = Executors.newSingleThreadExecutor(work -> {
            Thread worker = new Thread(work, service + "-" + topic.name());
            worker.setDaemon(true);
            return worker;
        });
    }

    /** Returns a stage that completes once the record is acknowledged; never, when the queue is closed before. */
    CompletionStage<Void> take(KafkaRecord<byte[], byte[]> received) {
        CompletableFuture<Void> handled = new CompletableFuture<>();
        thread.execute(() -> {
            Failpoint.reach(Failpoint.QUEUE_AFTER_READ);
            if (handler.take(recordOf(received))) {
                Failpoint.reach(Failpoint.QUEUE_BEFORE_ACKNOWLEDGEMENT);
                handled.complete(null);
            }
        });
        return handled.thenCompose(done -> received.ack());
    }

    /** Leaves what is under way for the next start. */
    @Override
    public void close() {
        handler.close();
        thread.shutdownNow();
    }

    @SuppressWarnings("unchecked")
    private static ConsumerRecord<byte[], byte[]> recordOf(KafkaRecord<byte[], byte[]> received) {
        return received.getMetadata(IncomingKafkaRecordMetadata.class)
                .orElseThrow(() -> new IllegalStateException("a record without metadata"))
                .getRecord();
    }
}
