// SPDX-License-Identifier: Apache-2.0
package dev.belay.contracts.flags;

import dev.belay.contracts.Require;

/**
 * Units kept away from every change, across flags that name the same holdout.
 *
 * @param id name of the holdout; the hash is of {@code holdout-<identifier>} as PostHog's
 * @param percent share of units held out, in percent, 0 to 100
 * @param serve variant they get
 */
public record Holdout(String id, double percent, String serve) {
    /** @throws IllegalArgumentException if a part is missing or out of range */
    public Holdout {
        Require.name(id, "holdout.id");
        Require.percent(percent, "holdout.percent");
        Require.name(serve, "holdout.serve");
    }
}
