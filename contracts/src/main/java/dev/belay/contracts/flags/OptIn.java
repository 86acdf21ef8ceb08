// SPDX-License-Identifier: Apache-2.0
package dev.belay.contracts.flags;

import dev.belay.contracts.Require;

/**
 * Early access: a unit whose property {@code $feature_enrollment/<flag>} is true gets {@code in}, false gets {@code out}.
 *
 * @param in variant of those who opted in
 * @param out variant of those who opted out
 */
public record OptIn(String in, String out) {
    /** @throws IllegalArgumentException if a variant is not a name */
    public OptIn {
        Require.name(in, "optIn.in");
        Require.name(out, "optIn.out");
    }
}
