// SPDX-License-Identifier: Apache-2.0
package dev.belay.watcher;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.belay.contracts.FlagRef;
import dev.belay.contracts.Topic;
import dev.belay.contracts.Topics;
import dev.belay.judging.attribution.Attribution;
import dev.belay.judging.tally.Pace;
import dev.belay.kafka.DeadLetters;
import dev.belay.kafka.KafkaSettings;
import dev.belay.kafka.RecordView;
import dev.belay.kafka.TopicAdmin;
import dev.belay.watcher.topology.Drains;
import dev.belay.watcher.topology.StreamsSettings;
import dev.belay.watcher.topology.WatcherTopology;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Runs the topology and the views beside it. */
@ApplicationScoped
public class Watcher {
    /*
     * Topics of others may come later than this service, and in the one JVM nobody may wait for another at start. So the
     * topology starts on a thread of its own, once all its topics are there.
     */
    static final String MODULE = "metrics-watcher";

    private static final Logger LOG = Logger.getLogger(Watcher.class);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration STOP = Duration.ofSeconds(10);
    private static final long RETRY_MILLIS = 1_000;

    private final KafkaSettings kafka = KafkaSettings.configured();
    private final RolloutDirectory directory = new RolloutDirectory();
    private final EvidenceShelf shelf = new EvidenceShelf();
    private final Drains looks = new Drains();
    private final Drains drains = new Drains();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Duration heartbeat;
    private final Duration blockAge;
    private final Path stateDir;
    private final int threads;
    private final int standbys;
    private final WatcherMeters meters;
    private volatile @Nullable RecordView<?> rollouts;
    private volatile @Nullable RecordView<?> evidence;
    private volatile @Nullable KafkaStreams streams;

    @Inject
    Watcher(
            @ConfigProperty(name = "belay.watcher.heartbeat") Duration heartbeat,
            @ConfigProperty(name = "belay.watcher.block-age") Duration blockAge,
            @ConfigProperty(name = "belay.watcher.state-dir") Path stateDir,
            @ConfigProperty(name = "belay.watcher.threads") int threads,
            @ConfigProperty(name = "belay.watcher.standbys") int standbys,
            WatcherMeters meters) {
        this.heartbeat = heartbeat;
        this.blockAge = blockAge;
        this.stateDir = stateDir;
        this.threads = threads;
        this.standbys = standbys;
        this.meters = meters;
    }

    void createTopics(@Observes @Priority(10) StartupEvent event) {
        TopicAdmin.ensureOwned(kafka, MODULE, PATIENCE);
    }

    void start(@Observes @Priority(2000) StartupEvent event) {
        rollouts = RecordView.start(kafka, MODULE, Topics.ROLLOUTS, directory::accept);
        evidence = RecordView.start(kafka, MODULE, Topics.EVIDENCE, shelf::accept);
        Thread starter = new Thread(this::startStreams, MODULE + "-start");
        starter.setDaemon(true);
        starter.start();
    }

    void stop(@Observes ShutdownEvent event) {
        stopped.countDown();
        KafkaStreams running = streams;
        if (running != null) {
            running.close(STOP);
        }
        close(rollouts);
        close(evidence);
    }

    EvidenceShelf shelf() {
        return shelf;
    }

    /** Returns the newest rollout of a flag; null when none is known. */
    Attribution.@Nullable Known newest(FlagRef flag) {
        return directory.newest(flag.key());
    }

    Drains looks() {
        return looks;
    }

    Drains drains() {
        return drains;
    }

    KafkaSettings kafka() {
        return kafka;
    }

    /** Returns the name of the Streams application, which is its consumer group. */
    String applicationId() {
        return kafka.topicPrefix() + MODULE;
    }

    /** Returns whether events are being judged. */
    boolean isRunning() {
        KafkaStreams running = streams;
        RecordView<?> view = rollouts;
        return running != null && running.state().isRunningOrRebalancing() && view != null && view.isCaughtUp();
    }

    /** Returns whether every task that belongs here is here and running. */
    boolean isSettled() {
        KafkaStreams running = streams;
        return running != null && running.state() == KafkaStreams.State.RUNNING;
    }

    private void startStreams() {
        try {
            while (!isStarted()) {
                if (stopped.await(RETRY_MILLIS, TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isStarted() {
        if (!hasTopics() || !isDirectoryRead()) {
            return false;
        }
        KafkaStreams starting = null;
        try {
            starting = new KafkaStreams(
                    WatcherTopology.build(setup()),
                    StreamsSettings.of(kafka, applicationId(), stateDir, threads, standbys));
            starting.setUncaughtExceptionHandler(problem -> {
                LOG.error("a stream thread failed and is replaced", problem);
                return StreamThreadExceptionResponse.REPLACE_THREAD;
            });
            starting.start();
            streams = starting;
            if (stopped.getCount() == 0) {
                starting.close(STOP);
            }
            return true;
        } catch (RuntimeException e) {
            LOG.error("the topology did not start and is tried again", e);
            if (starting != null) {
                starting.close(STOP);
            }
            return false;
        }
    }

    /** Units counted before wait when their plan is not known, which a start would make of all of them. */
    private boolean isDirectoryRead() {
        RecordView<?> view = rollouts;
        return view != null && view.isCaughtUp();
    }

    private boolean hasTopics() {
        try {
            for (Topic<?> topic : new Topic<?>[] {Topics.EXPOSURES, Topics.OUTCOMES, Topics.ROLLOUTS}) {
                TopicAdmin.await(kafka, topic, Duration.ofSeconds(5));
            }
            return true;
        } catch (IllegalStateException | KafkaException e) {
            LOG.infof("waiting: %s", e.getMessage());
            return false;
        }
    }

    private WatcherTopology.Setup setup() {
        DeadLetters letters = DeadLetters.shared(kafka, MODULE);
        return new WatcherTopology.Setup(
                kafka.topicPrefix(),
                directory,
                Pace.DEFAULT.withAge(blockAge),
                heartbeat,
                Topics.UNIT_PARTITIONS,
                Topics.FLAG_PARTITIONS,
                (topic, key, value, reason) ->
                        letters.add(topic, key == null ? null : key.getBytes(StandardCharsets.UTF_8), value, reason),
                looks,
                drains,
                meters);
    }

    private static void close(@Nullable RecordView<?> view) {
        if (view != null) {
            view.close();
        }
    }
}
