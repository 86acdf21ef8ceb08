// SPDX-License-Identifier: Apache-2.0
package dev.belay.contracts.flags;

import java.time.Instant;

import dev.belay.contracts.Require;
import org.jspecify.annotations.Nullable;

/**
 * One unit gets one variant, for instance a person who tests in production. Where the flag is off, killed, or lacks a
 * prerequisite, nobody is excepted. Such a unit is never part of a comparison.
 *
 * @param unit id of the unit, of the kind the flag hashes
 * @param variant variant it gets
 * @param until when that ends; null for never
 */
public record ForcedVariant(
        String unit, String variant, @Nullable Instant until) {
    private static final int MAX_ID = 200;

    /** @throws IllegalArgumentException if the unit is blank or too long, or the variant is not a name */
    public ForcedVariant {
        Require.text(unit, "forced.unit");
        Require.that(unit.length() <= MAX_ID, "forced.unit", "must have at most 200 characters", unit.length());
        Require.name(variant, "forced.variant");
    }

    /** Returns whether the unit gets the variant at {@code now}. */
    public boolean holds(Instant now) {
        return until == null || now.isBefore(until);
    }
}
