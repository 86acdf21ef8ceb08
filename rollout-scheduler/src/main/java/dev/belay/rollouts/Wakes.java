// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

import dev.belay.contracts.FlagRef;
import dev.belay.rollouts.decision.RolloutEvent;
import jakarta.enterprise.context.ApplicationScoped;

/**
 * Flags something was said about, with the last message. A lost wake costs time and nothing else: what was said is in {@link
 * Facts}, and every tick looks at it again.
 */
@ApplicationScoped
class Wakes {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition woken = lock.newCondition();
    private Map<FlagRef, Function<Instant, RolloutEvent>> pending = new LinkedHashMap<>();

    /** @param event makes the event of the moment it is looked at, database clock */
    void wake(FlagRef ref, Function<Instant, RolloutEvent> event) {
        lock.lock();
        try {
            pending.put(ref, event);
            woken.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Returns what is pending, at the latest after {@code patience}; an interrupt ends the wait. */
    Map<FlagRef, Function<Instant, RolloutEvent>> await(Duration patience) {
        lock.lock();
        try {
            long left = patience.toNanos();
            while (pending.isEmpty() && left > 0) {
                left = woken.awaitNanos(left);
            }
            Map<FlagRef, Function<Instant, RolloutEvent>> taken = pending;
            pending = new LinkedHashMap<>();
            return taken;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Map.of();
        } finally {
            lock.unlock();
        }
    }
}
