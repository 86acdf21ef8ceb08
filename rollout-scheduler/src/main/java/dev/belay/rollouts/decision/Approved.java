// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts.decision;

import java.time.Instant;

import dev.belay.contracts.Actor;
import dev.belay.contracts.Require;
import org.jspecify.annotations.Nullable;

/**
 * Somebody agreed.
 *
 * @param stage name of the stage that may be entered; null for the rollout as a whole, which a review is about
 * @param hash what was seen: see {@link ApprovalHash}
 * @param by who agreed
 * @param reason why, for people
 * @param at when, by the database's clock
 */
public record Approved(@Nullable String stage, String hash, Actor by, String reason, Instant at) {
    /** @throws IllegalArgumentException if a part is missing */
    public Approved {
        Require.text(hash, "approved.hash");
        Require.nonNull(by, "approved.by");
        Require.text(reason, "approved.reason");
        Require.nonNull(at, "approved.at");
    }

    Approved of(String newHash) {
        return new Approved(stage, newHash, by, reason, at);
    }
}
