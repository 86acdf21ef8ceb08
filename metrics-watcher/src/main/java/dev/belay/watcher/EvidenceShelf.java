// SPDX-License-Identifier: Apache-2.0
package dev.belay.watcher;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

import dev.belay.contracts.FlagRef;
import dev.belay.contracts.verdicts.Evidence;
import org.jspecify.annotations.Nullable;

/** The latest evidence of every guardrail of each flag's newest rollout, as far as the topic was read. Thread-safe. */
public final class EvidenceShelf {
    private final Map<String, Latest> byFlag = new ConcurrentHashMap<>();

    /** Evidence by its key, never changed. */
    private record Latest(int epoch, SortedMap<String, Evidence> byKey) {
        static final Latest NONE = new Latest(0, new TreeMap<>());

        Latest with(Evidence evidence) {
            if (evidence.epoch() < epoch) {
                return this;
            }
            SortedMap<String, Evidence> all = new TreeMap<>();
            if (evidence.epoch() == epoch) {
                all.putAll(byKey);
            }
            all.put(evidence.recordKey(), evidence);
            return new Latest(evidence.epoch(), all);
        }

        Latest without(String key) {
            SortedMap<String, Evidence> all = new TreeMap<>(byKey);
            all.remove(key);
            return new Latest(epoch, all);
        }
    }

    /** Takes in a record; a tombstone takes it away. */
    public void accept(String key, @Nullable Evidence evidence, Instant appendedAt) {
        if (evidence == null) {
            byFlag.computeIfPresent(flagOf(key), (flag, latest) -> latest.without(key));
        } else {
            byFlag.compute(
                    evidence.ref().key(), (flag, latest) -> (latest == null ? Latest.NONE : latest).with(evidence));
        }
    }

    /** Returns the evidence of a flag's newest rollout, by guardrail, variant and segment. */
    public List<Evidence> of(FlagRef flag) {
        return List.copyOf(byFlag.getOrDefault(flag.key(), Latest.NONE).byKey().values());
    }

    /** Returns the evidence of the newest rollouts of all flags of an environment, by flag. */
    public List<Evidence> of(String project, String environment) {
        String prefix = project + "/" + environment + "/";
        return byFlag.entrySet().stream()
                .filter(each -> each.getKey().startsWith(prefix))
                .sorted(Map.Entry.comparingByKey())
                .flatMap(each -> each.getValue().byKey().values().stream())
                .toList();
    }

    /** Returns whether evidence with these keys, or of a newer rollout, computed at {@code since} or later, is here. */
    public boolean hasAll(Set<String> keys, Instant since) {
        return keys.stream().allMatch(key -> {
            Latest latest = byFlag.getOrDefault(flagOf(key), Latest.NONE);
            Evidence found = latest.byKey().get(key);
            return found == null ? latest.epoch() > epochOf(key) : !found.at().isBefore(since);
        });
    }

    private static String flagOf(String key) {
        return key.split("#", 3)[0];
    }

    private static int epochOf(String key) {
        return Integer.parseInt(key.split("#", 3)[1]);
    }
}
