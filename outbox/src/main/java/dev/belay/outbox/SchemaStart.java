// SPDX-License-Identifier: Apache-2.0
package dev.belay.outbox;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Makes a service's schema before anything uses it: at the start when the database answers, else as soon as it does. A
 * service whose database is away starts all the same; what needs the database waits or is refused until then.
 */
public final class SchemaStart implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(SchemaStart.class.getName());
    private static final long RETRY_SECONDS = 1;

    private final String service;
    private final Runnable migrate;
    private final CountDownLatch closed = new CountDownLatch(1);

    /**
     * @param service name of the service, for thread and log
     * @param migrate brings the schema to its newest version; called again when the database was away
     */
    public SchemaStart(String service, Runnable migrate) {
        this.service = service;
        this.migrate = migrate;
    }

    /**
     * Attempts once; when the database is away, goes on on a daemon thread and returns.
     *
     * @throws RuntimeException whatever else migrating fails with: another attempt would not help
     */
    public void begin() {
        if (isDone()) {
            return;
        }
        LOG.log(System.Logger.Level.WARNING, "{0}: the database is away; waiting for it", service);
        Thread thread = new Thread(this::untilDone, service + "-schema");
        thread.setDaemon(true);
        thread.start();
    }

    /** Gives up waiting. */
    @Override
    public void close() {
        closed.countDown();
    }

    private void untilDone() {
        try {
            while (!closed.await(RETRY_SECONDS, TimeUnit.SECONDS)) {
                if (isDone()) {
                    LOG.log(System.Logger.Level.INFO, "{0}: the database is there", service);
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, service + ": its schema cannot be made; start it again", e);
        }
    }

    private boolean isDone() {
        try {
            migrate.run();
            return true;
        } catch (RuntimeException e) {
            if (DatabaseOutage.explains(e)) {
                return false;
            }
            throw e;
        }
    }
}
