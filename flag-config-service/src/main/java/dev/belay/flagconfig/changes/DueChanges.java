// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.changes;

import java.time.Instant;

import dev.belay.http.ProblemException;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;

/**
 * Makes scheduled changes when they are due, whichever replica comes first. What cannot be made is ended with the reason; while
 * the database is away everything waits.
 */
@ApplicationScoped
class DueChanges {
    private static final System.Logger LOG = System.getLogger(DueChanges.class.getName());

    private final Changes changes;

    DueChanges(Changes changes) {
        this.changes = changes;
    }

    @Scheduled(every = "1s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void look() {
        try {
            changes.due(Instant.now()).forEach(this::apply);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.DEBUG, "due changes are looked at again: {0}", e.getMessage());
        }
    }

    private void apply(String id) {
        try {
            changes.applyDue(id, Instant.now());
        } catch (ProblemException e) {
            LOG.log(System.Logger.Level.WARNING, "change {0} cannot be made: {1}", id, e.getMessage());
            changes.fail(id, String.valueOf(e.getMessage()));
        } catch (IllegalArgumentException e) {
            changes.fail(id, String.valueOf(e.getMessage()));
        }
    }
}
