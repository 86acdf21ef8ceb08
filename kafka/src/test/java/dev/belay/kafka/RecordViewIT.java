// SPDX-License-Identifier: Apache-2.0
package dev.belay.kafka;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

import dev.belay.contracts.Topics;
import dev.belay.contracts.keys.ApiKey;
import dev.belay.contracts.keys.Scope;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

class RecordViewIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Instant NOON = Instant.parse("2026-01-05T12:00:00Z");
    private static final int LARGEST_REQUEST = 1_048_576;

    private final KafkaSettings settings = SharedBroker.settings();
    private final List<String> seen = new CopyOnWriteArrayList<>();
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable closeable : open) {
            closeable.close();
        }
    }

    @Test
    void readsFromTheBeginningAndOn() throws TimeoutException {
        ensureTopics();
        publish("first", 1);

        RecordView<ApiKey> view = view(this::note);
        view.awaitCaughtUp(PATIENCE);

        assertThat(seen).containsExactly("first@1");
        publish("second", 1);
        await().untilAsserted(() -> assertThat(seen).containsExactly("first@1", "second@1"));
    }

    @Test
    void waitsForItsTopic() throws TimeoutException {
        RecordView<ApiKey> view = view(this::note);
        assertThat(view.isCaughtUp()).isFalse();
        assertThatThrownBy(() -> view.awaitCaughtUp(Duration.ofMillis(1))).isInstanceOf(TimeoutException.class);

        ensureTopics();

        view.awaitCaughtUp(PATIENCE);
    }

    @Test
    void handsOnTombstones() throws TimeoutException {
        ensureTopics();
        publisher()
                .publish(Topics.KEYS, "gone", null, "1")
                .toCompletableFuture()
                .join();

        view(this::note).awaitCaughtUp(PATIENCE);

        assertThat(seen).containsExactly("gone@none");
    }

    @Test
    void handsTheSameRecordAgainUntilItIsTaken() throws TimeoutException {
        ensureTopics();
        publish("first", 1);
        publish("first", 2);
        AtomicInteger attempts = new AtomicInteger();

        view((key, value, at) -> {
                    if (attempts.incrementAndGet() < 4) {
                        throw new IllegalStateException("not now");
                    }
                    note(key, value, at);
                })
                .awaitCaughtUp(PATIENCE);

        assertThat(seen).containsExactly("first@1", "first@2");
    }

    @Test
    void putsAnUnreadableRecordAwayOnceAlsoAfterARestart() throws TimeoutException {
        ensureTopics();
        write("bad", "{\"id\":");
        publish("good", 1);

        for (int start = 0; start < 2; start++) {
            RecordView<ApiKey> view = view(this::note);
            view.awaitCaughtUp(PATIENCE);
            view.close();
        }

        assertThat(seen).containsExactly("good@1", "good@1");
        assertThat(deadLetters()).singleElement().satisfies(letter -> assertThat(text(letter))
                .isEqualTo("{\"id\":"));
    }

    @Test
    void putsARefusedRecordAway() throws TimeoutException {
        ensureTopics();
        publish("first", 1);

        view((key, value, at) -> {
                    throw new IllegalArgumentException("first is refused");
                })
                .awaitCaughtUp(PATIENCE);

        assertThat(deadLetters()).singleElement().satisfies(letter -> assertThat(new String(
                        letter.headers().lastHeader(DeadLetters.REASON).value(), StandardCharsets.UTF_8))
                .isEqualTo("first is refused"));
    }

    @Test
    void putsAwayTheKeyAndReasonOfARecordThatHasNoRoomForThem() throws TimeoutException {
        ensureTopics();
        write("huge", "{" + "x".repeat(LARGEST_REQUEST - 200));
        publish("good", 1);

        view(this::note).awaitCaughtUp(PATIENCE);

        assertThat(seen).containsExactly("good@1");
        assertThat(deadLetters()).singleElement().satisfies(letter -> {
            assertThat(new String(letter.key(), StandardCharsets.UTF_8)).isEqualTo("huge");
            assertThat(letter.value()).isNull();
            assertThat(letter.headers().lastHeader(DeadLetters.REASON).value()).isNotEmpty();
        });
    }

    @Test
    void isCaughtUpBehindTheMarkersOfTransactionsAndSeesOnlyCommittedRecords() throws TimeoutException {
        ensureTopics();
        Map<String, Object> properties = settings.clientProperties();
        properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, settings.topicPrefix() + "markers");
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            Futures.join(producer.send(record("committed", key("committed", 1))));
            producer.commitTransaction();
            producer.beginTransaction();
            Futures.join(producer.send(record("committed", key("committed", 2))));
            producer.abortTransaction();
        }

        view(this::note).awaitCaughtUp(PATIENCE);

        assertThat(seen).containsExactly("committed@1");
    }

    @Test
    void readsOnlyWhatIsNewerThanItIsToldTo() throws TimeoutException {
        ensureTopics();
        publish("old", 1);

        RecordView<ApiKey> view =
                RecordView.startSince(settings, "test", Topics.KEYS, Duration.ofSeconds(-3600), this::note);
        open.add(view);
        view.awaitCaughtUp(PATIENCE);
        publish("new", 1);

        await().untilAsserted(() -> assertThat(seen).containsExactly("new@1"));
    }

    private void note(String key, ApiKey value, Instant appendedAt) {
        seen.add(key + "@" + (value == null ? "none" : value.version()));
    }

    private RecordView<ApiKey> view(RecordHandler<ApiKey> handler) {
        RecordView<ApiKey> view = RecordView.start(settings, "test", Topics.KEYS, handler);
        open.add(view);
        return view;
    }

    private void ensureTopics() {
        TopicAdmin.ensureOwned(settings, "flag-config-service", PATIENCE);
    }

    private RecordPublisher publisher() {
        RecordPublisher publisher = new RecordPublisher(settings, "test");
        open.add(publisher);
        return publisher;
    }

    private void publish(String id, long version) {
        publisher()
                .publish(Topics.KEYS, id, key(id, version), id + version)
                .toCompletableFuture()
                .join();
    }

    private static ApiKey key(String id, long version) {
        return new ApiKey(id, version, "a".repeat(64), id, Set.of(Scope.SERVER), null, null, null, NOON, null, false);
    }

    private ProducerRecord<byte[], byte[]> record(String key, ApiKey value) {
        return new ProducerRecord<>(
                settings.nameOf(Topics.KEYS),
                key.getBytes(StandardCharsets.UTF_8),
                Topics.KEYS.serde().serializer().serialize("", value));
    }

    private void write(String key, String value) {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                settings.clientProperties(), new ByteArraySerializer(), new ByteArraySerializer())) {
            Futures.join(producer.send(new ProducerRecord<>(
                    settings.nameOf(Topics.KEYS),
                    key.getBytes(StandardCharsets.UTF_8),
                    value.getBytes(StandardCharsets.UTF_8))));
        }
    }

    private List<ConsumerRecord<byte[], byte[]>> deadLetters() {
        List<ConsumerRecord<byte[], byte[]>> letters = new ArrayList<>();
        TopicPartition partition = new TopicPartition(Topics.KEYS.deadLetters(settings.topicPrefix(), "test"), 0);
        try (Consumer<byte[], byte[]> reader = Consumers.open(settings)) {
            reader.assign(List.of(partition));
            reader.seekToBeginning(List.of(partition));
            long end = reader.endOffsets(List.of(partition)).get(partition);
            while (reader.position(partition) < end) {
                reader.poll(PATIENCE).forEach(letters::add);
            }
        }
        return letters;
    }

    private static String text(ConsumerRecord<byte[], byte[]> letter) {
        return new String(letter.value(), StandardCharsets.UTF_8);
    }
}
