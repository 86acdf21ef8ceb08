// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.decision;

import dev.belay.contracts.Require;

/**
 * Something to tell, once per channel.
 *
 * @param subject what it is about: {@code project/environment/flag#epoch} of a rollout, or the id of an incident
 * @param occasion what happened
 * @param transition identifies it: a redelivered record gives the same one
 * @param version of the rollout or incident that told it
 */
public record Telling(String subject, Occasion occasion, String transition, long version) {
    /** @throws IllegalArgumentException if a part is missing */
    public Telling {
        Require.text(subject, "subject");
        Require.nonNull(occasion, "occasion");
        Require.text(transition, "transition");
        Require.notNegative(version, "version");
    }
}
