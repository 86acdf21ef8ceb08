// SPDX-License-Identifier: Apache-2.0
package dev.belay.contracts.flags;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.belay.contracts.Require;
import org.jspecify.annotations.Nullable;

/**
 * What a rule serves: one variant, or a split of variants by the hash with salt {@code variant}. Boundaries of a split
 * accumulate from left to right.
 *
 * @param variant key of the one variant; null when there is a split
 * @param split parts that add up to 100 %; null when there is one variant
 */
public record Serve(@Nullable String variant, @Nullable List<Weighted> split) {
    private static final double TOLERANCE = 1e-6;

    /** @throws IllegalArgumentException unless exactly one of the two is given and a split adds up to 100 % */
    public Serve {
        Require.that((variant == null) != (split == null), "serve", "names either a variant or a split", variant);
        if (split != null) {
            split = List.copyOf(Require.notEmpty(split, "serve.split"));
            double sum = split.stream().mapToDouble(Weighted::percent).sum();
            Require.that(Math.abs(sum - 100) < TOLERANCE, "serve.split", "must add up to 100 percent", sum);
        }
    }

    public static Serve one(String variant) {
        return new Serve(variant, null);
    }

    public static Serve split(List<Weighted> split) {
        return new Serve(null, split);
    }

    /** Returns the keys of all variants this can serve. */
    @JsonIgnore
    public List<String> variants() {
        return split == null
                ? List.of(Require.nonNull(variant, "serve.variant"))
                : split.stream().map(Weighted::variant).toList();
    }
}
