// SPDX-License-Identifier: Apache-2.0
package dev.belay.contracts.flags;

import dev.belay.contracts.Require;

/**
 * A variant's part of a split.
 *
 * @param variant key of the variant
 * @param percent share of the units, in percent, 0 to 100
 */
public record Weighted(String variant, double percent) {
    /** @throws IllegalArgumentException if the variant is not a name or the percentage is out of range */
    public Weighted {
        Require.name(variant, "split.variant");
        Require.percent(percent, "split.percent");
    }
}
