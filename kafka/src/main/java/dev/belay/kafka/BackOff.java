// SPDX-License-Identifier: Apache-2.0
package dev.belay.kafka;

import java.time.Duration;

/** Waits between attempts: doubles from 50 ms to 5 s. Not thread-safe. */
final class BackOff {
    private static final long FIRST_MILLIS = 50;
    private static final long LAST_MILLIS = 5_000;

    private long millis = FIRST_MILLIS;

    /** Returns how long to wait now, and doubles it for the next time. */
    Duration next() {
        Duration wait = Duration.ofMillis(millis);
        millis = Math.min(LAST_MILLIS, millis * 2);
        return wait;
    }

    /** After a success: the next failure starts small again. */
    void reset() {
        millis = FIRST_MILLIS;
    }
}
