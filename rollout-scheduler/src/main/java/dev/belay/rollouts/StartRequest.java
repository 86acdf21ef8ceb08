// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts;

import java.time.Instant;

import dev.belay.contracts.Actor;
import dev.belay.contracts.FlagRef;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.rollouts.decision.RolloutEvent;
import org.jspecify.annotations.Nullable;

/**
 * A rollout to start, checked.
 *
 * @param ref the flag
 * @param plan what it does
 * @param startsAt when; null for now
 * @param opening how it begins
 * @param by who asks
 * @param reason why
 * @param source digest of the document
 * @param isApplied whether a document that was started before is left alone
 */
record StartRequest(
        FlagRef ref,
        Plan plan,
        @Nullable Instant startsAt,
        RolloutEvent.Opening opening,
        Actor by,
        String reason,
        String source,
        boolean isApplied) {

    RolloutEvent.Start at(Instant now) {
        return new RolloutEvent.Start(plan, startsAt, opening, by, reason, now);
    }
}
