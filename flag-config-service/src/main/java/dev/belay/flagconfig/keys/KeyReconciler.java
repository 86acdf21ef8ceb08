// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.keys;

import java.util.Map;
import java.util.stream.Collectors;

import dev.belay.contracts.Topics;
import dev.belay.contracts.keys.ApiKey;
import dev.belay.flagconfig.Comparison;
import jakarta.enterprise.context.ApplicationScoped;

/** Compares keys with their topic. */
@ApplicationScoped
class KeyReconciler implements Comparison {
    private final Keys keys;

    KeyReconciler(Keys keys) {
        this.keys = keys;
    }

    @Override
    public void compare(TopicReader topics) {
        Map<String, Long> seen = topics.read(Topics.KEYS).entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> version(entry.getValue())));
        keys.restate(seen);
    }

    private static long version(ApiKey key) {
        return key.version();
    }
}
