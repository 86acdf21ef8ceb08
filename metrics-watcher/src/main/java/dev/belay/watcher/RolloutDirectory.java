// SPDX-License-Identifier: Apache-2.0
package dev.belay.watcher;

import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.judging.attribution.Attribution;
import dev.belay.judging.attribution.ComparedPlan;
import org.jspecify.annotations.Nullable;

/** The newest rollout of every flag, as far as the topic was read. Thread-safe. */
public final class RolloutDirectory implements Attribution.Plans {
    private final Map<String, Attribution.Known> newest = new ConcurrentHashMap<>();

    /** Takes in a state; versions of a known epoch change nothing, because its plan is frozen. */
    public void accept(String key, @Nullable RolloutState rollout, Instant appendedAt) {
        if (rollout == null) {
            return;
        }
        newest.compute(rollout.ref().key(), (flag, known) -> {
            if (known != null && known.epoch() >= rollout.epoch() && known.plan() != null) {
                return known;
            }
            return known != null && known.epoch() > rollout.epoch()
                    ? known
                    : new Attribution.Known(rollout.epoch(), ComparedPlan.of(rollout));
        });
    }

    @Override
    public Attribution.@Nullable Known newest(String flagKey) {
        return newest.get(flagKey);
    }
}
