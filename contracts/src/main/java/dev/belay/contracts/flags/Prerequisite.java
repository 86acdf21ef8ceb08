// SPDX-License-Identifier: Apache-2.0
package dev.belay.contracts.flags;

import java.util.List;

import dev.belay.contracts.Require;

/**
 * Another flag of the same environment that must serve one of some variants first; otherwise the off variant is served.
 *
 * @param flag key of the other flag
 * @param variants variants that satisfy it, at least one
 */
public record Prerequisite(String flag, List<String> variants) {
    /** @throws IllegalArgumentException if the flag is not a name or no variant is named */
    public Prerequisite {
        Require.name(flag, "prerequisite.flag");
        variants = List.copyOf(Require.notEmpty(variants, "prerequisite.variants"));
    }
}
