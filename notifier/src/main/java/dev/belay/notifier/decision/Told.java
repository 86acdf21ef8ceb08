// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.decision;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/**
 * What was told of a rollout or an incident before.
 *
 * @param versions for each occasion the highest version that told it
 */
public record Told(Map<Occasion, Long> versions) {
    public static final Told NOTHING = new Told(Map.of());

    public Told {
        versions = Map.copyOf(versions);
    }

    /** Returns that of these occasions, in version 0. */
    public static Told of(Set<Occasion> occasions) {
        Map<Occasion, Long> versions = new EnumMap<>(Occasion.class);
        occasions.forEach(occasion -> versions.put(occasion, 0L));
        return new Told(versions);
    }

    boolean has(Occasion occasion) {
        return versions.containsKey(occasion);
    }

    /** Returns the highest version that told it, -1 for none. */
    long version(Occasion occasion) {
        return versions.getOrDefault(occasion, -1L);
    }
}
