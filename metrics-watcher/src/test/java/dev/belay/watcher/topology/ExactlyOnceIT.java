// SPDX-License-Identifier: Apache-2.0
package dev.belay.watcher.topology;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import dev.belay.contracts.Topics;
import dev.belay.contracts.Unit;
import dev.belay.contracts.events.Exposure;
import dev.belay.contracts.events.Outcome;
import dev.belay.contracts.rollouts.Clause;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.verdicts.Block;
import dev.belay.contracts.verdicts.Counts;
import dev.belay.contracts.verdicts.Evidence;
import dev.belay.embedded.EmbeddedKafka;
import dev.belay.judging.judge.RolloutJudge;
import dev.belay.judging.judge.Standing;
import dev.belay.judging.tally.Pace;
import dev.belay.kafka.KafkaSettings;
import dev.belay.kafka.RecordPublisher;
import dev.belay.kafka.RecordView;
import dev.belay.kafka.TopicAdmin;
import dev.belay.watcher.RolloutDirectory;
import dev.belay.watcher.RolloutSamples;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A stream thread dies in the middle of a transaction on a real broker; nothing is lost, nothing is twice. */
class ExactlyOnceIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final RolloutState ROLLOUT = RolloutSamples.half("broken");
    private static final int UNITS = 3_000;
    /** Number of the look at the plans at which the thread dies: in the middle of all of them. */
    private static final int DEATH = 3_500;
    /** The group notices the death when the thread's session ends; brokers allow no shorter one. */
    private static final int SHORTEST_SESSION = 6_000;

    private final Drains drains = new Drains();
    private final RolloutDirectory directory = new RolloutDirectory();
    private final AtomicInteger looks = new AtomicInteger();
    private final AtomicInteger deaths = new AtomicInteger();
    private final List<Block> blocks = new CopyOnWriteArrayList<>();
    private volatile Evidence evidence;

    @Test
    void deathOfAThreadLosesNothingAndRepeatsNothing() throws IOException {
        Path state = Files.createTempDirectory("belay-watcher");
        try (EmbeddedKafka kafka = EmbeddedKafka.start()) {
            KafkaSettings settings = new KafkaSettings(kafka.bootstrapServers(), "");
            Stream.of("rollout-scheduler", "flag-edge", "metrics-watcher")
                    .forEach(module -> TopicAdmin.ensureOwned(settings, module, Duration.ofSeconds(30)));
            directory.accept(ROLLOUT.ref().key(), ROLLOUT, ROLLOUT.updatedAt());
            publish(settings);
            KafkaStreams streams = new KafkaStreams(WatcherTopology.build(setup()), properties(settings, state));
            streams.setUncaughtExceptionHandler(problem -> StreamThreadExceptionResponse.REPLACE_THREAD);
            RecordView<Block> cut =
                    RecordView.start(settings, "test", Topics.BLOCKS, (key, block, at) -> blocks.add(block));
            RecordView<Evidence> said =
                    RecordView.start(settings, "test", Topics.EVIDENCE, (key, value, at) -> evidence = value);
            try {
                streams.start();
                await().dontCatchUncaughtExceptions()
                        .atMost(PATIENCE)
                        .pollInterval(Duration.ofMillis(300))
                        .until(this::isAllJudged);
            } finally {
                streams.close(Duration.ofSeconds(10));
                cut.close();
                said.close();
            }
        }

        assertThat(deaths).hasValue(1);
        assertThat(blocks)
                .extracting(Block::seq)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, blocks.size()).boxed().toList());
        RolloutJudge judge = RolloutJudge.start(ROLLOUT.plan());
        blocks.forEach(judge::apply);
        Standing standing = judge.standing("on", "conversion");
        assertThat(standing.members()).isEqualTo(evidence.members());
        assertThat(standing.estimate()).isEqualTo(evidence.estimate());
    }

    /** Control converts every fifth time, the treatment every tenth. */
    private boolean isAllJudged() {
        drains.ask();
        Evidence latest = evidence;
        return latest != null
                && latest.control().equals(new Counts(UNITS / 2, UNITS / 10))
                && latest.treatment().equals(new Counts(UNITS / 2, UNITS / 20))
                && latest.blocks() == blocks.size();
    }

    private void publish(KafkaSettings settings) {
        List<CompletionStage<Void>> sent = new ArrayList<>();
        try (RecordPublisher publisher = new RecordPublisher(settings, "test")) {
            sent.add(publisher.publish(Topics.ROLLOUTS, ROLLOUT.ref().key(), ROLLOUT, "r"));
            for (int i = 0; i < UNITS; i++) {
                Exposure exposure = exposure(i);
                sent.add(publisher.publish(Topics.EXPOSURES, exposure.recordKey(), exposure, exposure.id()));
                if (i % 10 == 1 || i % 20 == 0) {
                    sent.add(publish(publisher, outcome(i)));
                }
            }
            sent.forEach(each -> each.toCompletableFuture().join());
        }
    }

    private static CompletionStage<Void> publish(RecordPublisher publisher, Outcome outcome) {
        return publisher.publish(Topics.OUTCOMES, outcome.recordKey(), outcome, outcome.id());
    }

    private WatcherTopology.Setup setup() {
        return new WatcherTopology.Setup(
                "",
                flag -> {
                    if (looks.incrementAndGet() == DEATH) {
                        deaths.incrementAndGet();
                        throw new IllegalStateException("the thread dies here");
                    }
                    return directory.newest(flag);
                },
                Pace.DEFAULT,
                Duration.ofSeconds(10),
                Topics.UNIT_PARTITIONS,
                Topics.FLAG_PARTITIONS,
                (topic, key, value, reason) -> {
                    throw new AssertionError(reason);
                },
                new Drains(),
                drains);
    }

    private static Properties properties(KafkaSettings settings, Path state) {
        Properties properties = new Properties();
        properties.putAll(settings.clientProperties());
        properties.putAll(Map.of(
                StreamsConfig.APPLICATION_ID_CONFIG,
                "exactly-once",
                StreamsConfig.STATE_DIR_CONFIG,
                state.toString(),
                StreamsConfig.PROCESSING_GUARANTEE_CONFIG,
                StreamsConfig.EXACTLY_ONCE_V2,
                StreamsConfig.COMMIT_INTERVAL_MS_CONFIG,
                30,
                StreamsConfig.NUM_STREAM_THREADS_CONFIG,
                1,
                StreamsConfig.consumerPrefix("session.timeout.ms"),
                SHORTEST_SESSION,
                StreamsConfig.consumerPrefix("heartbeat.interval.ms"),
                SHORTEST_SESSION / 3,
                StreamsConfig.consumerPrefix("auto.offset.reset"),
                "earliest"));
        return properties;
    }

    private static Exposure exposure(int number) {
        return new Exposure(
                "x-" + number,
                ROLLOUT.project(),
                ROLLOUT.environment(),
                ROLLOUT.flag(),
                Unit.user("u" + number),
                number % 2 == 0 ? "on" : "off",
                1,
                1,
                Clause.REST,
                0.5,
                null,
                Map.of(),
                1,
                ROLLOUT.updatedAt(),
                "test");
    }

    private static Outcome outcome(int number) {
        return new Outcome(
                "o-" + number,
                ROLLOUT.project(),
                ROLLOUT.environment(),
                Unit.user("u" + number),
                "purchase",
                null,
                Map.of(),
                null,
                null,
                Instant.now(),
                "test");
    }
}
