// SPDX-License-Identifier: Apache-2.0
package dev.belay.benchmarks.process;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for something that a process does. */
public final class Patience {
    private static final Duration GLANCE = Duration.ofMillis(50);

    private Patience() {}

    /**
     * Waits until {@code condition} holds.
     *
     * @throws IllegalStateException if it does not in time; the message names {@code what}
     */
    public static void until(String what, Duration patience, BooleanSupplier condition) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(what + ": not within " + patience.toSeconds() + " s");
            }
            pause(GLANCE);
        }
    }

    public static void pause(Duration time) {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
