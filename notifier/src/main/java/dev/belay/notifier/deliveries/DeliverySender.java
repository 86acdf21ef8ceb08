// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.deliveries;

import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.jboss.logging.Logger;

/** Threads that send what is due, for as long as the process runs, with or without a database. */
@ApplicationScoped
public class DeliverySender {
    private static final Logger LOG = Logger.getLogger(DeliverySender.class);
    private static final int THREADS = 4;
    private static final long IDLE_MILLIS = 250;
    private static final long AFTER_FAILURE_MILLIS = 2_000;
    private static final long TIDY_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final DeliveryStep step;
    private final Deliveries deliveries;
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS, work -> {
        Thread sender = new Thread(work, "notifier-sender");
        sender.setDaemon(true);
        return sender;
    });

    DeliverySender(DeliveryStep step, Deliveries deliveries) {
        this.step = step;
        this.deliveries = deliveries;
    }

    void start(@Observes StartupEvent event) {
        for (int i = 0; i < THREADS; i++) {
            boolean isTidy = i == 0;
            threads.execute(() -> run(isTidy));
        }
    }

    private void run(boolean isTidy) {
        long tidied = System.nanoTime();
        try {
            while (!Thread.currentThread().isInterrupted()) {
                long pause = sendNext();
                if (isTidy && pause > 0 && System.nanoTime() - tidied > TIDY_NANOS) {
                    tidied = System.nanoTime();
                    tidy();
                }
                if (pause > 0) {
                    TimeUnit.MILLISECONDS.sleep(pause);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** @return how long to wait before the next one, in milliseconds */
    private long sendNext() {
        try {
            Optional<Long> lane = step.hold();
            lane.ifPresent(held -> {
                step.send(held);
                step.onNoted(held);
            });
            return lane.isPresent() ? 0 : IDLE_MILLIS;
        } catch (RuntimeException e) {
            LOG.debug("deliveries wait", e);
            return AFTER_FAILURE_MILLIS;
        }
    }

    private void tidy() {
        try {
            deliveries.addMissingLanes();
        } catch (RuntimeException e) {
            LOG.debug("lanes wait", e);
        }
    }

    @PreDestroy
    void close() {
        threads.shutdownNow();
    }
}
