// SPDX-License-Identifier: Apache-2.0
package dev.belay.watcher.topology;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Asks the tasks of this process to do at once what they would do in time: one half of the topology to look at all units
 * that wait, the other to judge everything without waiting for blocks to fill. Thread-safe.
 */
public final class Drains {
    private static final Done NOTHING = new Done(0, Set.of());

    private final AtomicLong asked = new AtomicLong();
    private final Map<String, Done> tasks = new ConcurrentHashMap<>();

    private record Done(long number, Set<String> evidence) {}

    /** Returns the number of a new request. */
    public long ask() {
        return asked.incrementAndGet();
    }

    /** Returns whether every task that is here now has answered the request. */
    public boolean isDone(long number) {
        return tasks.values().stream().allMatch(done -> done.number() >= number);
    }

    /** Returns the keys of the evidence that was said for it. */
    public Set<String> evidence() {
        Set<String> all = new HashSet<>();
        tasks.values().forEach(done -> all.addAll(done.evidence()));
        return all;
    }

    long asked() {
        return asked.get();
    }

    /** A task that comes after a request has to answer it too. */
    void enter(String task) {
        tasks.put(task, NOTHING);
    }

    void leave(String task) {
        tasks.remove(task);
    }

    void answer(String task, long number, Set<String> evidence) {
        tasks.put(task, new Done(number, Set.copyOf(evidence)));
    }
}
