// SPDX-License-Identifier: Apache-2.0
package dev.belay.contracts.rollouts;

import java.time.Duration;
import java.util.List;

import dev.belay.contracts.Require;
import org.jspecify.annotations.Nullable;

/**
 * What stages need unless they say otherwise.
 *
 * @param when mode of stages that name none
 * @param askAfter time after which a person is asked in stages that name none; null for never
 * @param only windows in which raises are allowed; empty for always
 */
public record AdvancePolicy(AdvanceMode when, @Nullable Duration askAfter, List<Window> only) {
    public static final AdvancePolicy PROVEN = new AdvancePolicy(AdvanceMode.PROVEN, null, List.of());

    /** @throws IllegalArgumentException if the mode is missing or the time negative */
    public AdvancePolicy {
        Require.nonNull(when, "advance.when");
        Require.that(askAfter == null || !askAfter.isNegative(), "advance.askAfter", "must not be negative", askAfter);
        only = only == null ? List.of() : List.copyOf(only);
    }
}
