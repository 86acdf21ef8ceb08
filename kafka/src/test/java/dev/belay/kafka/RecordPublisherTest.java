// SPDX-License-Identifier: Apache-2.0
package dev.belay.kafka;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

import dev.belay.contracts.Topics;
import dev.belay.kafka.RecordPublisher.Prepared;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RecordPublisherTest {
    private final Broker broker = new Broker();
    private final RecordPublisher publisher =
            new RecordPublisher(new KafkaSettings("127.0.0.1:1", ""), "test", Duration.ZERO, properties -> broker);

    @Test
    void recordsThatWouldBlockAfterOneThatFailedAreNotSent() {
        broker.reachable = 2;

        CompletableFuture<Void> written = publisher.publish(records(10)).toCompletableFuture();
        assertThat(broker.asked)
                .as("each may block as long as the one that failed")
                .isEqualTo(3);
        assertThat(written).as("two are under way").isNotDone();

        broker.completeNext();
        broker.completeNext();
        assertThatThrownBy(written::join)
                .isInstanceOf(CompletionException.class)
                .hasRootCauseInstanceOf(TimeoutException.class);
    }

    @Test
    void allAreWrittenWhenTheLastIsAcknowledged() {
        broker.reachable = 3;

        CompletableFuture<Void> written = publisher.publish(records(3)).toCompletableFuture();
        broker.completeNext();
        broker.completeNext();
        assertThat(written).isNotDone();
        broker.completeNext();

        assertThat(written.join()).isNull();
    }

    @Test
    void noRecordsAreWrittenAtOnce() {
        assertThat(publisher.publish(List.of())).isCompleted();
    }

    private List<Prepared> records(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> publisher.prepare(Topics.SEGMENTS, "k" + i, null, "e" + i))
                .toList();
    }

    /** Takes so many records; what comes then it cannot be asked about. */
    private static final class Broker extends MockProducer<byte[], byte[]> {
        private int reachable;
        private int asked;

        Broker() {
            super(false, null, new ByteArraySerializer(), new ByteArraySerializer());
        }

        @Override
        public synchronized Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, Callback callback) {
            asked++;
            if (asked <= reachable) {
                return super.send(record, callback);
            }
            TimeoutException problem = new TimeoutException("no metadata");
            callback.onCompletion(null, problem);
            return CompletableFuture.failedFuture(problem);
        }
    }
}
