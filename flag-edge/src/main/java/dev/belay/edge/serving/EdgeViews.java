// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge.serving;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;

import dev.belay.contracts.FlagRef;
import dev.belay.contracts.Require;
import dev.belay.contracts.Topics;
import dev.belay.contracts.flags.Segment;
import dev.belay.edge.EdgeMeters;
import dev.belay.kafka.KafkaSettings;
import dev.belay.kafka.RecordView;
import dev.belay.kafka.TopicAdmin;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/**
 * Reads what the edge serves. Rollbacks first: no rollout is looked at before all rollbacks are known, so that a restart
 * never serves for a moment what was taken out.
 */
@Singleton
public class EdgeViews {
    private static final System.Logger LOG = System.getLogger(EdgeViews.class.getName());
    private static final String MODULE = "flag-edge";
    private static final Duration BROKER_PATIENCE = Duration.ofMinutes(1);
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final int HEAD_PARTS = 2;
    private static final int CHUNK_PARTS = 3;

    private final Serving serving;
    private final Remembering remembering;
    private final EdgeMeters meters;
    private final List<RecordView<?>> views = new ArrayList<>();
    private volatile boolean stopped;
    private @Nullable Thread starter;

    EdgeViews(Serving serving, Remembering remembering, EdgeMeters meters) {
        this.serving = serving;
        this.remembering = remembering;
        this.meters = meters;
    }

    /** @throws IllegalStateException if there is nothing to serve from: no file, and no broker or unfit topics */
    void start(@Observes @Priority(10) StartupEvent event) {
        KafkaSettings settings = KafkaSettings.configured();
        remembering.start();
        if (!serving.isServing()) {
            TopicAdmin.ensureOwned(settings, MODULE, BROKER_PATIENCE);
        }
        Thread thread = new Thread(() -> read(settings), MODULE + "-views");
        thread.setDaemon(true);
        thread.start();
        starter = thread;
    }

    @PreDestroy
    void stop() {
        stopped = true;
        if (starter != null) {
            starter.interrupt();
        }
        synchronized (views) {
            views.forEach(RecordView::close);
        }
    }

    private void read(KafkaSettings settings) {
        ensureTopics(settings);
        RecordView<?> rollbacks = add(RecordView.start(settings, MODULE, Topics.ROLLBACKS, (key, value, at) -> {
            if (value != null && serving.on(value) && serving.isSettled()) {
                meters.off(value, at, Instant.now());
            }
        }));
        await(rollbacks);
        if (stopped) {
            return;
        }
        List<RecordView<?>> others = List.of(
                add(RecordView.start(settings, MODULE, Topics.SEGMENTS, (key, value, at) -> onSegment(key, value))),
                add(RecordView.start(settings, MODULE, Topics.FLAGS, (key, value, at) -> {
                    if (value == null) {
                        serving.onDefinitionDeleted(FlagRef.parse(key));
                    } else if (serving.on(value) && serving.isSettled()) {
                        meters.served(Topics.FLAGS, value.updatedAt(), Instant.now());
                    }
                })),
                add(RecordView.start(settings, MODULE, Topics.ROLLOUTS, (key, value, at) -> {
                    if (value == null) {
                        serving.onRolloutDeleted(FlagRef.parse(key));
                    } else if (serving.on(value) && serving.isSettled()) {
                        meters.served(Topics.ROLLOUTS, value.updatedAt(), Instant.now());
                    }
                })));
        others.forEach(this::await);
        if (!stopped) {
            serving.settle();
        }
    }

    /** With a file to serve from, a broker that is away is waited for in the background. */
    private void ensureTopics(KafkaSettings settings) {
        while (serving.isServing() && !stopped) {
            try {
                TopicAdmin.ensureOwned(settings, MODULE, BROKER_PATIENCE);
                return;
            } catch (IllegalStateException e) {
                LOG.log(
                        stopped ? System.Logger.Level.DEBUG : System.Logger.Level.ERROR,
                        "tried again: {0}",
                        e.getMessage());
            }
        }
    }

    private void onSegment(String key, @Nullable Segment record) {
        if (record != null) {
            serving.on(record);
            return;
        }
        String[] parts = key.split("/", -1);
        Require.that(parts.length == HEAD_PARTS || parts.length == CHUNK_PARTS, "key", "must be of a segment", key);
        serving.onSegmentDeleted(
                parts[0], parts[1], parts.length == HEAD_PARTS ? null : Integer.valueOf(parts[CHUNK_PARTS - 1]));
    }

    private RecordView<?> add(RecordView<?> view) {
        synchronized (views) {
            views.add(view);
        }
        return view;
    }

    private void await(RecordView<?> view) {
        while (!stopped && !view.isCaughtUp()) {
            try {
                view.awaitCaughtUp(LOOK);
            } catch (TimeoutException e) {
                LOG.log(System.Logger.Level.DEBUG, "still reading: {0}", e.getMessage());
            } catch (IllegalStateException e) {
                return;
            }
        }
    }
}
