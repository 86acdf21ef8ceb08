// SPDX-License-Identifier: Apache-2.0
package dev.belay.systemtests.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What happened, in the order in which it was noted. Only grows. Thread-safe. */
public final class History {
    private final List<Entry> entries = new ArrayList<>();
    private final Map<String, List<Entry>> byFlag = new HashMap<>();

    public synchronized void add(Entry entry) {
        entries.add(entry);
        byFlag.computeIfAbsent(entry.flag(), flag -> new ArrayList<>()).add(entry);
    }

    public synchronized void addAll(List<? extends Entry> more) {
        more.forEach(this::add);
    }

    /** Returns what was noted so far. */
    public synchronized List<Entry> entries() {
        return List.copyOf(entries);
    }

    /** Returns the entries of one kind about one flag. */
    public synchronized <T extends Entry> List<T> of(Class<T> kind, String flag) {
        return byFlag.getOrDefault(flag, List.of()).stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }

    /** Returns the entries of one kind about no flag. */
    public <T extends Entry> List<T> of(Class<T> kind) {
        return of(kind, "");
    }
}
