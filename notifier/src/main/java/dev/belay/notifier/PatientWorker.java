// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import org.jboss.logging.Logger;

/** A thread that does one thing after the other and repeats each until it succeeds. */
final class PatientWorker implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(PatientWorker.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final ExecutorService thread;
    private final String name;

    PatientWorker(String name) {
        this.name = name;
        this.thread = Executors.newSingleThreadExecutor(work -> {
            Thread worker = new Thread(work, name);
            worker.setDaemon(true);
            return worker;
        });
    }

    /** Returns a stage that completes once {@code work} has succeeded, and never when the worker is closed before. */
    CompletionStage<Void> untilDone(Runnable work) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        thread.execute(() -> {
            if (repeat(work)) {
                done.complete(null);
            }
        });
        return done;
    }

    private boolean repeat(Runnable work) {
        Duration pause = FIRST_PAUSE;
        while (!Thread.currentThread().isInterrupted()) {
            try {
                work.run();
                return true;
            } catch (RuntimeException e) {
                LOG.warnf(e, "%s tries again in %d ms", name, pause.toMillis());
            }
            if (!slept(pause)) {
                return false;
            }
            Duration doubled = pause.multipliedBy(2);
            pause = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
        }
        return false;
    }

    private static boolean slept(Duration pause) {
        try {
            Thread.sleep(pause.toMillis());
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Stops; what is under way is left undone. */
    @Override
    public void close() {
        thread.shutdownNow();
    }
}
