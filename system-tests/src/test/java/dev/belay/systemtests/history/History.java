// SPDX-License-Identifier: Apache-2.0
package dev.belay.systemtests.history;

import java.util.ArrayList;
import java.util.List;

/** What happened, in the order in which it was noted. Only grows. Thread-safe. */
public final class History {
    private final List<Entry> entries = new ArrayList<>();

    public synchronized void add(Entry entry) {
        entries.add(entry);
    }

    public synchronized void addAll(List<? extends Entry> more) {
        entries.addAll(more);
    }

    /** Returns what was noted so far. */
    public synchronized List<Entry> entries() {
        return List.copyOf(entries);
    }

    /** Returns the entries of one kind about one flag. */
    public <T extends Entry> List<T> of(Class<T> kind, String flag) {
        return entries().stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .filter(entry -> entry.flag().equals(flag))
                .toList();
    }

    /** Returns the entries of one kind about no flag. */
    public <T extends Entry> List<T> of(Class<T> kind) {
        return of(kind, "");
    }
}
