// SPDX-License-Identifier: Apache-2.0
package dev.belay.watcher;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.belay.contracts.FlagRef;
import dev.belay.contracts.verdicts.Evidence;
import org.jspecify.annotations.Nullable;

/** The latest evidence of every guardrail, as far as the topic was read. Thread-safe. */
public final class EvidenceShelf {
    private final Map<String, Evidence> byKey = new ConcurrentHashMap<>();

    /** Takes in a record; a tombstone takes it away. */
    public void accept(String key, @Nullable Evidence evidence, Instant appendedAt) {
        if (evidence == null) {
            byKey.remove(key);
        } else {
            byKey.put(key, evidence);
        }
    }

    /** Returns the evidence of a flag's newest rollout, by guardrail, variant and segment. */
    public List<Evidence> of(FlagRef flag) {
        List<Evidence> all = byKey.values().stream()
                .filter(each -> each.ref().equals(flag))
                .sorted(Comparator.comparing(Evidence::recordKey))
                .toList();
        int epoch = all.stream().mapToInt(Evidence::epoch).max().orElse(0);
        return all.stream().filter(each -> each.epoch() == epoch).toList();
    }

    /** Returns whether evidence with these keys, computed at {@code since} or later, is here. */
    public boolean hasAll(Set<String> keys, Instant since) {
        return keys.stream().allMatch(key -> {
            Evidence found = byKey.get(key);
            return found != null && !found.at().isBefore(since);
        });
    }
}
