// SPDX-License-Identifier: Apache-2.0
package dev.belay.contracts.rollouts;

import dev.belay.contracts.Require;
import org.jspecify.annotations.Nullable;

/**
 * Whom a stage adds: a segment, or a percentage of everyone no earlier clause admits.
 *
 * @param segment name of a segment; null for a percentage
 * @param percent percentage of the rest, above 0 and up to 100; null for a segment
 */
public record Audience(@Nullable String segment, @Nullable Double percent) {
    /** @throws IllegalArgumentException unless exactly one is given and in range */
    public Audience {
        Require.that((segment == null) != (percent == null), "to", "names a segment or a percentage", segment);
        if (segment != null) {
            Require.name(segment, "to.segment");
        }
        Require.that(percent == null || (percent > 0 && percent <= 100), "to", "must lie in (0, 100] percent", percent);
    }

    public static Audience segment(String segment) {
        return new Audience(segment, null);
    }

    public static Audience percent(double percent) {
        return new Audience(null, percent);
    }
}
