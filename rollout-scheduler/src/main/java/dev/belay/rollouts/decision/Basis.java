// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts.decision;

import java.util.List;

import dev.belay.contracts.Require;

/**
 * What an allocation rests on besides its stage. When it changes, the split of some units changes, and so a new
 * allocation begins.
 *
 * @param out texts of the variants and segments that are out, sorted
 * @param targeting digest of the flag's targeting part, empty before the flag was seen
 */
public record Basis(List<String> out, String targeting) {
    public static final Basis NONE = new Basis(List.of(), "");

    /** @throws IllegalArgumentException if a part is missing */
    public Basis {
        out = Require.nonNull(out, "basis.out").stream().sorted().distinct().toList();
        Require.nonNull(targeting, "basis.targeting");
    }
}
