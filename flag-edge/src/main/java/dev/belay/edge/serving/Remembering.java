// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge.serving;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.belay.contracts.flags.Segment;
import dev.belay.edge.EdgeSettings;
import dev.belay.evaluation.ServedFlag;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** Keeps the last-known-good files up to date: a change is on disk within {@value #DELAY_MILLIS} ms. */
@Singleton
public class Remembering {
    private static final System.Logger LOG = System.getLogger(Remembering.class.getName());
    private static final long DELAY_MILLIS = 200;

    private final Serving serving;
    private final @Nullable LastKnownGood files;
    private final AtomicBoolean flagsPending = new AtomicBoolean();
    private final AtomicBoolean segmentsPending = new AtomicBoolean();
    private final ScheduledExecutorService writer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "flag-edge-last-known-good");
        thread.setDaemon(true);
        return thread;
    });

    Remembering(EdgeSettings settings, Serving serving) {
        this.serving = serving;
        this.files = settings.lastKnownGood().map(LastKnownGood::new).orElse(null);
    }

    /** Hands the files to {@link Serving#remember}, when there are any, and watches for changes from then on. */
    public void start() {
        if (files == null) {
            return;
        }
        load(files);
        serving.onFlagChange(flag -> schedule(flagsPending, () -> files.writeFlags(serving.flags())));
        serving.onSegmentChange(() -> schedule(segmentsPending, () -> files.writeSegments(serving.segmentRecords())));
    }

    @PreDestroy
    void stop() {
        writer.shutdown();
        try {
            if (!writer.awaitTermination(DELAY_MILLIS * 5, TimeUnit.MILLISECONDS)) {
                LOG.log(System.Logger.Level.WARNING, "the last-known-good files may lack the last change");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private interface Write {
        void run() throws IOException;
    }

    private void load(LastKnownGood from) {
        try {
            List<Segment> segments = from.segments();
            List<ServedFlag> flags = from.flags().orElse(null);
            if (flags != null) {
                serving.remember(flags, segments);
                LOG.log(
                        System.Logger.Level.INFO,
                        "serving {0} flags of the last run until Kafka is read",
                        flags.size());
            }
        } catch (IOException | IllegalArgumentException e) {
            LOG.log(System.Logger.Level.WARNING, "the last-known-good files cannot be used: {0}", e.getMessage());
        }
    }

    private void schedule(AtomicBoolean pending, Write write) {
        if (!pending.compareAndSet(false, true)) {
            return;
        }
        try {
            var ignored = writer.schedule(() -> attempt(pending, write), DELAY_MILLIS, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.log(System.Logger.Level.DEBUG, "a change came after the stop");
        }
    }

    private void attempt(AtomicBoolean pending, Write write) {
        pending.set(false);
        try {
            write.run();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "last-known-good is not written, tried again: {0}", e.getMessage());
            schedule(pending, write);
        }
    }
}
