// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge.serving;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

import dev.belay.contracts.flags.Segment;
import dev.belay.edge.EdgeSettings;
import dev.belay.evaluation.ServedFlag;
import dev.belay.http.KeyDirectory;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the last-known-good files up to date: a change is on disk within {@value #DELAY_MILLIS} ms. What has been read by
 * half is never written: the next run would take it for the whole.
 */
@Singleton
public class Remembering {
    private static final System.Logger LOG = System.getLogger(Remembering.class.getName());
    private static final long DELAY_MILLIS = 200;

    private final Serving serving;
    private final KeyDirectory keys;
    private final @Nullable LastKnownGood files;
    private final ScheduledExecutorService writer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "flag-edge-last-known-good");
        thread.setDaemon(true);
        return thread;
    });

    Remembering(EdgeSettings settings, Serving serving, KeyDirectory keys) {
        this.serving = serving;
        this.keys = keys;
        this.files = settings.lastKnownGood().map(LastKnownGood::new).orElse(null);
    }

    /** Hands over what the files hold, when there are any, and watches for changes from then on. */
    public void start() {
        if (files == null) {
            return;
        }
        LastKnownGood to = files;
        load(to);
        Kept flags = new Kept(serving::isServing, () -> to.writeFlags(serving.flags()));
        Kept segments = new Kept(serving::isServing, () -> to.writeSegments(serving.segmentRecords()));
        Kept known = new Kept(keys::isReady, () -> to.writeKeys(keys.keys()));
        serving.onFlagChange(flag -> flags.onChange());
        serving.onSegmentChange((project, segment) -> segments.onChange());
        keys.onChange(known::onChange);
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
            from.keys().ifPresent(keys::remember);
        } catch (IOException | IllegalArgumentException e) {
            LOG.log(System.Logger.Level.WARNING, "the last-known-good files cannot be used: {0}", e.getMessage());
        }
    }

    /** One file. */
    private final class Kept {
        private final BooleanSupplier isWhole;
        private final Write write;
        private final AtomicBoolean pending = new AtomicBoolean();

        Kept(BooleanSupplier isWhole, Write write) {
            this.isWhole = isWhole;
            this.write = write;
        }

        /** Any number of changes within the delay are written once. */
        void onChange() {
            if (!pending.compareAndSet(false, true)) {
                return;
            }
            try {
                var ignored = writer.schedule(this::attempt, DELAY_MILLIS, TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException e) {
                LOG.log(System.Logger.Level.DEBUG, "a change came after the stop");
            }
        }

        private void attempt() {
            pending.set(false);
            try {
                if (isWhole.getAsBoolean()) {
                    write.run();
                } else {
                    onChange();
                }
            } catch (IOException | RuntimeException e) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "last-known-good is not written, tried again: {0}",
                        e.getMessage());
                onChange();
            }
        }
    }
}
