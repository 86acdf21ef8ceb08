// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge.signals;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Says why signals were not taken in, at most once a second, and never what was in them. Thread-safe. */
public final class RefusalLog {
    private static final System.Logger LOG = System.getLogger(RefusalLog.class.getName());
    private static final long PAUSE = Duration.ofSeconds(1).toNanos();

    private final String source;
    private final AtomicLong last = new AtomicLong(System.nanoTime() - PAUSE);

    /** @param source from where the signals come */
    public RefusalLog(String source) {
        this.source = source;
    }

    /** @param reason without values that a sender chose */
    public void say(String reason) {
        long now = System.nanoTime();
        long before = last.get();
        if (now - before >= PAUSE && last.compareAndSet(before, now)) {
            LOG.log(System.Logger.Level.WARNING, "{0}: not taken in: {1}", source, reason);
        }
    }
}
