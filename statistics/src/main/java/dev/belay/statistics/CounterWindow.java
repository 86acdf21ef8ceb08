// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

import static java.util.Objects.requireNonNull;

/**
 * Events by slots of event time: what a {@link CounterLimit} reads. Immutable; adding and merging in any order gives the same.
 *
 * @param slot length of a slot, at least a millisecond
 * @param counts number of events by slot since the epoch, slots without any left out
 */
public record CounterWindow(Duration slot, SortedMap<Long, Long> counts) {
    static final int SLOTS = 60;

    /** @throws IllegalArgumentException if a count is negative or the slot too short */
    public CounterWindow {
        requireNonNull(slot, "slot");
        if (slot.toMillis() < 1) {
            throw new IllegalArgumentException("slot must be at least PT0.001S, was " + slot);
        }
        counts.forEach((at, count) -> Ranges.notNegative("count of slot " + at, (long) count));
        counts = Collections.unmodifiableSortedMap(new TreeMap<>(counts));
    }

    static CounterWindow of(Duration slot) {
        return new CounterWindow(slot, new TreeMap<>());
    }

    /**
     * Returns this with events that happened then.
     *
     * @param count number of events, not negative
     */
    public CounterWindow with(Instant at, long count) {
        Ranges.notNegative("count", count);
        SortedMap<Long, Long> more = new TreeMap<>(counts);
        if (count > 0) {
            more.merge(slotOf(at), count, Long::sum);
        }
        return new CounterWindow(slot, more);
    }

    /**
     * Returns the events of both.
     *
     * @throws IllegalArgumentException if their slots are not equally long
     */
    public CounterWindow plus(CounterWindow other) {
        if (!slot.equals(other.slot)) {
            throw new IllegalArgumentException("slot must be " + slot + " to be added, was " + other.slot);
        }
        SortedMap<Long, Long> sum = new TreeMap<>(counts);
        other.counts.forEach((at, count) -> sum.merge(at, count, Long::sum));
        return new CounterWindow(slot, sum);
    }

    long slotOf(Instant at) {
        return Math.floorDiv(at.toEpochMilli(), slot.toMillis());
    }

    Instant startOf(long number) {
        return Instant.ofEpochMilli(number * slot.toMillis());
    }

    /** Returns the number of events from one slot to another, both included. */
    long sum(long first, long last) {
        return counts.subMap(first, last + 1).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    CounterWindow from(long first) {
        SortedMap<Long, Long> kept = new TreeMap<>();
        for (Map.Entry<Long, Long> entry : counts.tailMap(first).entrySet()) {
            kept.put(entry.getKey(), entry.getValue());
        }
        return new CounterWindow(slot, kept);
    }
}
