// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.attribution;

import org.jspecify.annotations.Nullable;

/**
 * The smallest group of units that always move together: one variant of one stratum, and for control the stage at which
 * their buckets become treated. At a raise whole cells leave the comparison, so nobody has to look for the units. A unit of
 * a watched segment is in a second cell, of that segment alone.
 *
 * @param allocation allocation of the stratum
 * @param clause clause of the stratum
 * @param variant what the units saw
 * @param band stage at which they become treated, {@link ComparedPlan#NEVER} for treated units and those no stage treats
 * @param segment {@code dimension=value} that all of them have; null for everyone
 */
public record Cell(
        int allocation,
        String clause,
        String variant,
        int band,
        @Nullable String segment) {
    /** Of everyone. */
    public Cell(int allocation, String clause, String variant, int band) {
        this(allocation, clause, variant, band, null);
    }

    /** Returns the cell of the units that have a segment. */
    public Cell in(@Nullable String other) {
        return new Cell(allocation, clause, variant, band, other);
    }
}
