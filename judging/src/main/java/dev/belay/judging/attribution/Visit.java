// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.attribution;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

import dev.belay.contracts.events.Exposure;
import org.jspecify.annotations.Nullable;

/**
 * All exposures of a unit within one stratum. Adding one is commutative and idempotent.
 *
 * @param allocation allocation of the stratum
 * @param clause clause of the stratum
 * @param firstAt microseconds since the epoch of its first exposure
 * @param variants what it saw; more than one excludes it from the stratum
 * @param bucket its bucket; null when its arm was assigned elsewhere
 * @param dimensions its value per dimension, as its first exposure said
 */
record Visit(
        int allocation,
        String clause,
        long firstAt,
        SortedSet<String> variants,
        @Nullable Double bucket,
        SortedMap<String, String> dimensions) {
    private static final int MOST_DIMENSIONS = 16;
    private static final int LONGEST_VALUE = 100;

    static Visit of(Exposure exposure, String clause) {
        return new Visit(
                exposure.allocation(),
                clause,
                Micros.of(exposure.at()),
                new TreeSet<>(List.of(exposure.variant())),
                exposure.bucket(),
                dimensions(exposure));
    }

    boolean isSameStratum(Visit other) {
        return allocation == other.allocation && clause.equals(other.clause);
    }

    boolean isBothArms() {
        return variants.size() > 1;
    }

    /** Joins the exposures of the same stratum. */
    Visit join(Visit other) {
        SortedSet<String> both = new TreeSet<>(variants);
        both.addAll(other.variants);
        return new Visit(
                allocation,
                clause,
                Math.min(firstAt, other.firstAt),
                both,
                smaller(bucket, other.bucket),
                isBefore(other) ? dimensions : other.dimensions);
    }

    /** Of two exposures at the same microsecond, either; but always the same. */
    private boolean isBefore(Visit other) {
        return firstAt == other.firstAt
                ? dimensions.toString().compareTo(other.dimensions.toString()) <= 0
                : firstAt < other.firstAt;
    }

    /** What cannot be a segment's name belongs to no segment of its own. */
    private static SortedMap<String, String> dimensions(Exposure exposure) {
        SortedMap<String, String> all = new TreeMap<>();
        new TreeMap<>(exposure.dimensions())
                .entrySet().stream()
                        .filter(each -> !each.getValue().isBlank())
                        .limit(MOST_DIMENSIONS)
                        .forEach(each -> all.put(each.getKey(), value(each)));
        return all;
    }

    private static String value(Map.Entry<String, String> dimension) {
        String value = dimension.getValue();
        boolean isName = value.length() <= LONGEST_VALUE && value.chars().noneMatch(Character::isISOControl);
        return isName ? value : Segments.OTHER;
    }

    private static @Nullable Double smaller(@Nullable Double one, @Nullable Double other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return Math.min(one, other);
    }
}
