// SPDX-License-Identifier: Apache-2.0
package dev.belay.benchmarks.watcher;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;

import com.sun.management.OperatingSystemMXBean;
import dev.belay.benchmarks.process.Patience;
import dev.belay.benchmarks.process.Place;
import dev.belay.contracts.Topics;
import dev.belay.kafka.KafkaSettings;
import dev.belay.watcher.topology.StreamsSettings;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.jspecify.annotations.Nullable;

/** Runs a topology over everything that is on its topics, with one stream thread and the watcher's settings. */
final class StreamsRun {
    private static final Duration STOP = Duration.ofSeconds(60);
    private static final Duration GLANCE = Duration.ofMillis(10);
    private static final Duration STUCK = Duration.ofMinutes(1);
    private static final double NANOS = 1e9;

    private final KafkaSettings settings;
    private final String application;
    private final Path state;
    private final String repartitioned;
    private final WatcherCase size;

    /**
     * What was measured, from the first event to the last.
     *
     * @param seconds wall-clock time
     * @param threadSeconds processor time of the stream thread
     * @param processSeconds processor time of the whole process: with the clients' and RocksDB's own threads
     * @param stateBytes bytes of the state on disk at the end
     */
    record Measured(double seconds, double threadSeconds, double processSeconds, long stateBytes) {}

    /**
     * @param application id, also the beginning of the names of its topics
     * @param state folder of its stores
     * @param repartition name of the topic between the halves, without the application's id
     */
    StreamsRun(KafkaSettings settings, String application, Path state, String repartition, WatcherCase size) {
        this.settings = settings;
        this.application = application;
        this.state = state;
        this.repartitioned = application + "-" + repartition + "-repartition";
        this.size = size;
    }

    /** @throws IllegalStateException if it fails, or nothing moves for a minute */
    Measured run(Topology topology) throws IOException {
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        Measured measured;
        try (KafkaStreams streams =
                new KafkaStreams(topology, StreamsSettings.of(settings, application, state, 1, 0))) {
            streams.setUncaughtExceptionHandler(problem -> {
                failure.set(problem);
                return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
            });
            streams.start();
            measured = follow(streams, failure);
            streams.close(STOP);
        }
        return new Measured(
                measured.seconds(), measured.threadSeconds(), measured.processSeconds(), Place.bytes(state));
    }

    private Measured follow(KafkaStreams streams, AtomicReference<@Nullable Throwable> failure) {
        Progress progress = new Progress(
                streams, List.of(settings.nameOf(Topics.EXPOSURES), settings.nameOf(Topics.OUTCOMES)), repartitioned);
        await(streams, progress, failure, () -> progress.taken() > 0);
        Clocks begin = Clocks.now(application);
        await(streams, progress, failure, () -> progress.taken() >= size.events() && progress.isPassedOn());
        Clocks end = Clocks.now(application);
        return new Measured(
                (end.nanos - begin.nanos) / NANOS,
                (end.threadNanos - begin.threadNanos) / NANOS,
                (end.processNanos - begin.processNanos) / NANOS,
                0);
    }

    private void await(
            KafkaStreams streams,
            Progress progress,
            AtomicReference<@Nullable Throwable> failure,
            BooleanSupplier condition) {
        long moved = System.nanoTime();
        double before = -1;
        while (!condition.getAsBoolean()) {
            Throwable failed = failure.get();
            if (failed != null) {
                throw new IllegalStateException(application + " failed", failed);
            }
            if (progress.all() != before) {
                before = progress.all();
                moved = System.nanoTime();
            }
            if (System.nanoTime() - moved > STUCK.toNanos()) {
                throw new IllegalStateException(
                        application + " is " + streams.state() + " and stands still: " + progress);
            }
            Patience.pause(GLANCE);
        }
    }

    private record Clocks(long nanos, long threadNanos, long processNanos) {
        static Clocks now(String application) {
            ThreadMXBean threads = ManagementFactory.getThreadMXBean();
            long thread = Thread.getAllStackTraces().keySet().stream()
                    .filter(each -> each.getName().startsWith(application)
                            && each.getName().contains("-StreamThread-")
                            && !each.getName().contains("kafka-producer-network"))
                    .mapToLong(each -> threads.getThreadCpuTime(each.getId()))
                    .sum();
            long process = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class)
                    .getProcessCpuTime();
            return new Clocks(System.nanoTime(), thread, process);
        }
    }
}
