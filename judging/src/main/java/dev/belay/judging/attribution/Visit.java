// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.attribution;

import java.util.SortedSet;
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
 */
record Visit(
        int allocation,
        String clause,
        long firstAt,
        SortedSet<String> variants,
        @Nullable Double bucket) {

    static Visit of(Exposure exposure, String clause) {
        return new Visit(
                exposure.allocation(),
                clause,
                Micros.of(exposure.at()),
                new TreeSet<>(java.util.List.of(exposure.variant())),
                exposure.bucket());
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
        return new Visit(allocation, clause, Math.min(firstAt, other.firstAt), both, smaller(bucket, other.bucket));
    }

    private static @Nullable Double smaller(@Nullable Double one, @Nullable Double other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return Math.min(one, other);
    }
}
