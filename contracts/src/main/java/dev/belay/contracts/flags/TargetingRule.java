// SPDX-License-Identifier: Apache-2.0
package dev.belay.contracts.flags;

import java.util.List;

import dev.belay.contracts.Require;
import org.jspecify.annotations.Nullable;

/**
 * An explicit rule. Rules are tried in order; the first whose conditions all hold, and whose percentage holds the unit,
 * decides. People it decides for are never part of a comparison.
 *
 * @param name for people, unique within the flag; null when not named
 * @param when conditions that must all hold; empty for everyone
 * @param percent share of matching units in percent by the rollout hash, 0 to 100; null for all
 * @param serve what they get
 */
public record TargetingRule(
        @Nullable String name,
        List<Condition> when,
        @Nullable Double percent,
        Serve serve) {
    /** @throws IllegalArgumentException if the percentage is out of range or something is missing */
    public TargetingRule {
        when = List.copyOf(Require.nonNull(when, "rule.when"));
        Require.nonNull(serve, "rule.serve");
        if (percent != null) {
            Require.percent(percent, "rule.percent");
        }
    }
}
