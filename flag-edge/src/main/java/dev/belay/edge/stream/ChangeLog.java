// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge.stream;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

import dev.belay.edge.Place;
import org.jspecify.annotations.Nullable;

/**
 * The last changes, so that a reader whose connection broke can go on where it was. Bounded; who asks for more than is kept,
 * or comes from another run or edge, is told to fetch everything. Thread-safe.
 */
final class ChangeLog {
    private final String run;
    private final int capacity;
    private final Deque<Entry> entries = new ArrayDeque<>();
    private long last;

    /**
     * @param id id of the event, {@code <run>-<number>}
     * @param off when something was taken out by it, in {@link System#nanoTime}; null when nothing was
     */
    record Entry(String id, Change change, @Nullable Long off) {}

    /**
     * @param run tells this run's ids from those of others; without a hyphen
     * @param capacity most changes kept
     */
    ChangeLog(String run, int capacity) {
        this.run = run;
        this.capacity = capacity;
    }

    /** @param off when something was taken out by it, in {@link System#nanoTime}; null when nothing was */
    synchronized Entry add(Change change, @Nullable Long off) {
        last++;
        Entry entry = new Entry(lastId(), change.withTag(lastId()), off);
        entries.addLast(entry);
        if (entries.size() > capacity) {
            entries.removeFirst();
        }
        return entry;
    }

    /** Returns the id of the last change; one that nobody has when there was none. */
    synchronized String lastId() {
        return run + "-" + last;
    }

    /**
     * Returns what a reader missed.
     *
     * @param id id of the last event it has seen; null when it has seen none and will fetch everything
     */
    synchronized List<Entry> since(@Nullable String id, Place place) {
        if (id == null) {
            return List.of();
        }
        long missed = missed(id);
        if (missed < 0 || missed > entries.size()) {
            return List.of(new Entry(lastId(), Change.ofEverything(place), null));
        }
        return entries.stream()
                .skip(entries.size() - missed)
                .filter(entry -> entry.change().concerns(place))
                .toList();
    }

    /** Returns the change with that id; null when it is none of this run's, or kept no more. */
    synchronized @Nullable Entry find(String id) {
        long missed = missed(id);
        return missed < 0 || missed >= entries.size()
                ? null
                : entries.stream().skip(entries.size() - missed - 1).findFirst().orElse(null);
    }

    /** Returns how many changes came after that one, -1 when it is none of this run. */
    private long missed(String id) {
        int hyphen = id.lastIndexOf('-');
        if (hyphen < 0 || !id.substring(0, hyphen).equals(run)) {
            return -1;
        }
        try {
            long number = Long.parseLong(id.substring(hyphen + 1));
            return number < 0 || number > last ? -1 : last - number;
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
