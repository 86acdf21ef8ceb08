// SPDX-License-Identifier: Apache-2.0
package dev.belay.kafka;

import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

import dev.belay.contracts.Topic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

/**
 * A reader of a whole topic: all partitions, no group, committed records only, on a daemon thread of its own.
 *
 * <p>It waits for its topic to exist and outlives every outage of the broker. It reads on after a handler's exception only
 * when the record was handled or put away.
 */
public final class RecordView<V> implements AutoCloseable {
    /*
     * Caught up = every partition's position has reached the end seen at the start. Positions and not records are
     * compared, because the last offsets of a partition may be transaction markers, which no consumer gets to see.
     *
     * A lost connection is the client's business; any other exception of it starts the thread's work again with a new
     * client at the positions reached, so that a handler sees no record twice without need.
     */
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration MISSING = Duration.ofMillis(250);
    private static final Duration ANSWER = Duration.ofSeconds(10);

    private final KafkaSettings settings;
    private final Topic<V> topic;
    private final @Nullable Duration back;
    private final PatientHandler<V> handler;
    private final CountDownLatch caughtUp = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Map<TopicPartition, Long> ends = new HashMap<>();
    private final Map<TopicPartition, Long> positions = new HashMap<>();
    private final Thread thread;
    private volatile @Nullable Consumer<byte[], byte[]> reader;

    private RecordView(
            KafkaSettings settings,
            String consumer,
            Topic<V> topic,
            @Nullable Duration back,
            RecordHandler<V> handler) {
        this.settings = settings;
        this.topic = topic;
        this.back = back;
        this.handler = new PatientHandler<>(settings, consumer, topic, handler, closed);
        this.thread = new Thread(this::run, consumer + "-" + topic.name());
        thread.setDaemon(true);
    }

    /**
     * Reads from the beginning.
     *
     * @param consumer who reads, for thread and dead-letter topic
     * @param handler called on the view's thread
     */
    public static <V> RecordView<V> start(
            KafkaSettings settings, String consumer, Topic<V> topic, RecordHandler<V> handler) {
        return started(new RecordView<>(settings, consumer, topic, null, handler));
    }

    /**
     * Reads what was appended within {@code back} before now, and on.
     *
     * @param back how far to go back
     */
    public static <V> RecordView<V> startSince(
            KafkaSettings settings, String consumer, Topic<V> topic, Duration back, RecordHandler<V> handler) {
        return started(new RecordView<>(settings, consumer, topic, back, handler));
    }

    /** Returns whether everything that was in the topic at the start has been handled. */
    public boolean isCaughtUp() {
        return caughtUp.getCount() == 0;
    }

    /** @throws TimeoutException if it takes longer than {@code patience} */
    public void awaitCaughtUp(Duration patience) throws TimeoutException {
        try {
            if (!caughtUp.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new TimeoutException("topic " + settings.nameOf(topic) + " is not read to its end yet");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + topic.name(), e);
        }
    }

    /** Stops reading; waits up to 10 s for the record being handled. */
    @Override
    public void close() {
        closed.countDown();
        Consumer<byte[], byte[]> open = reader;
        if (open != null) {
            open.wakeup();
        }
        try {
            thread.join(ANSWER.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static <V> RecordView<V> started(RecordView<V> view) {
        view.thread.start();
        return view;
    }

    private void run() {
        retry().always(() -> {
            try (Consumer<byte[], byte[]> open = Consumers.open(settings)) {
                reader = open;
                assign(open);
                read(open);
            } catch (WakeupException e) {
                // close() asks us to stop; the loop looks for itself.
            } finally {
                reader = null;
            }
        });
    }

    private Retry retry() {
        return new Retry("reading " + settings.nameOf(topic), closed);
    }

    private boolean isClosed() {
        return closed.getCount() == 0;
    }

    private void assign(Consumer<byte[], byte[]> open) {
        List<TopicPartition> partitions = partitions(open);
        if (partitions.isEmpty()) {
            return;
        }
        open.assign(partitions);
        if (ends.isEmpty()) {
            ends.putAll(open.endOffsets(partitions, ANSWER));
            positions.putAll(begin(open, partitions));
        }
        positions.forEach(open::seek);
        noteProgress(open);
    }

    private List<TopicPartition> partitions(Consumer<byte[], byte[]> open) {
        Retry patient = retry();
        List<TopicPartition> found = find(open);
        while (found.isEmpty() && !isClosed()) {
            patient.say(new IllegalStateException("it is missing; " + topic.owner() + " creates it"));
            patient.pause(MISSING);
            found = find(open);
        }
        return found;
    }

    private List<TopicPartition> find(Consumer<byte[], byte[]> open) {
        List<PartitionInfo> found = open.partitionsFor(settings.nameOf(topic), ANSWER);
        return found == null
                ? List.of()
                : found.stream()
                        .map(info -> new TopicPartition(info.topic(), info.partition()))
                        .toList();
    }

    private Map<TopicPartition, Long> begin(Consumer<byte[], byte[]> open, List<TopicPartition> partitions) {
        if (back == null) {
            return open.beginningOffsets(partitions, ANSWER);
        }
        long since = Clock.systemUTC().millis() - back.toMillis();
        Map<TopicPartition, OffsetAndTimestamp> found = open.offsetsForTimes(
                partitions.stream().collect(Collectors.toMap(partition -> partition, partition -> since)), ANSWER);
        Map<TopicPartition, Long> begin = new HashMap<>();
        for (TopicPartition partition : partitions) {
            OffsetAndTimestamp first = found.get(partition);
            begin.put(partition, first == null ? Objects.requireNonNull(ends.get(partition)) : first.offset());
        }
        return begin;
    }

    private void read(Consumer<byte[], byte[]> open) {
        while (!isClosed()) {
            Failpoint.reach(Failpoint.VIEW_BEFORE_READ);
            ConsumerRecords<byte[], byte[]> batch = open.poll(POLL);
            for (ConsumerRecord<byte[], byte[]> found : batch) {
                Failpoint.reach(Failpoint.VIEW_AFTER_READ);
                if (!handler.take(found)) {
                    return;
                }
                positions.put(new TopicPartition(found.topic(), found.partition()), found.offset() + 1);
            }
            noteProgress(open);
        }
    }

    private void noteProgress(Consumer<byte[], byte[]> open) {
        positions.replaceAll((partition, before) -> open.position(partition, ANSWER));
        if (!isCaughtUp()
                && ends.entrySet().stream()
                        .allMatch(end -> positions.getOrDefault(end.getKey(), 0L) >= end.getValue())) {
            caughtUp.countDown();
        }
    }
}
