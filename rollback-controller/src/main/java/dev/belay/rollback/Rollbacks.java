// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollback;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

import dev.belay.contracts.Topics;
import dev.belay.contracts.rollbacks.Rollback;
import jakarta.enterprise.context.ApplicationScoped;
import org.jboss.logging.Logger;

/** Writes rollbacks: Kafka alone, each target once as far as this replica knows. Writing one twice would do no harm. */
@ApplicationScoped
public class Rollbacks {
    private static final Logger LOG = Logger.getLogger(Rollbacks.class);
    private static final Duration FOR_THE_BROKER = Duration.ofSeconds(30);
    private static final Duration FOR_THE_VIEW = Duration.ofSeconds(1);
    private static final long GLANCE_MILLIS = 10;

    private final ControllerRecords records;
    private final ControllerViews views;
    private final ControllerMeters meters;

    /**
     * A rollback that stands.
     *
     * @param rollback what the topic holds
     * @param isNew whether it was written now
     */
    public record Recorded(Rollback rollback, boolean isNew) {}

    Rollbacks(ControllerRecords records, ControllerViews views, ControllerMeters meters) {
        this.records = records;
        this.views = views;
        this.meters = meters;
    }

    /**
     * Writes a rollback unless its target is out already.
     *
     * @throws IllegalStateException if the broker does not acknowledge it
     */
    public Recorded record(Rollback rollback) {
        return views.rollback(rollback.recordKey())
                .map(known -> new Recorded(known, false))
                .orElseGet(() -> written(rollback));
    }

    /**
     * Writes what a verdict asks for. Just after a start it looks at the past for a moment first, so that a verdict said
     * again does not write the rollback again; it does not wait longer than that.
     */
    void recordOnVerdict(Rollback rollback) {
        long end = System.nanoTime() + FOR_THE_VIEW.toNanos();
        try {
            while (!views.knowsRollbacks() && System.nanoTime() < end) {
                TimeUnit.MILLISECONDS.sleep(GLANCE_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        record(rollback);
    }

    private Recorded written(Rollback rollback) {
        String key = rollback.recordKey();
        records.write(Topics.ROLLBACKS, key, rollback, key, FOR_THE_BROKER);
        views.add(rollback);
        meters.written(rollback, Instant.now());
        LOG.infof("rolled back %s: %s", key, rollback.reason());
        return new Recorded(rollback, true);
    }
}
