// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge.signals;

import java.util.Map;
import java.util.TreeMap;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.contracts.FlagRef;
import dev.belay.contracts.flags.FlagDefinition;
import dev.belay.edge.Place;
import dev.belay.evaluation.ServedFlag;
import dev.belay.evaluation.Snapshot;
import org.jspecify.annotations.Nullable;

/**
 * The flag an outcome is tagged with. Who counts by unit finds the arm in the exposures and needs no tag.
 *
 * @param flag key of the flag
 * @param variant key of the variant
 */
public record FlagTag(String flag, String variant) {

    /**
     * Returns the first by name of the flags known here that has a rollout in force, else the first known here. An outcome
     * has room for one.
     *
     * @param values keys or values of variants, by key of the flag
     * @return null when none is known, or no variant has such a value
     */
    public static @Nullable FlagTag of(Place place, Snapshot snapshot, Map<String, JsonNode> values) {
        FlagTag first = null;
        for (Map.Entry<String, JsonNode> each : new TreeMap<>(values).entrySet()) {
            ServedFlag served = find(place, snapshot, each.getKey());
            FlagDefinition definition = served == null ? null : served.definition();
            String variant = definition == null ? null : Variants.keyOf(definition, each.getValue());
            if (served != null && variant != null) {
                FlagTag tag = new FlagTag(each.getKey(), variant);
                if (served.inForce().isPresent()) {
                    return tag;
                }
                first = first == null ? tag : first;
            }
        }
        return first;
    }

    private static @Nullable ServedFlag find(Place place, Snapshot snapshot, String flag) {
        try {
            return snapshot.flag(new FlagRef(place.project(), place.environment(), flag));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
