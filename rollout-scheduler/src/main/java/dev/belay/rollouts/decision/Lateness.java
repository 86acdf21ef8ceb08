// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts.decision;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

import dev.belay.contracts.rollouts.RolloutState;
import org.jspecify.annotations.Nullable;

/** How long after the first moment at which it could have come the scheduler's own step came. */
public final class Lateness {
    private Lateness() {}

    /**
     * Returns for a raise the time since the stage had lasted long enough, whatever else it waited for; for a start the time
     * since it was due. Empty for everything that a person did.
     *
     * @param before the rollout before the change; null when there was none
     */
    public static Optional<Duration> of(@Nullable RolloutState before, Change change) {
        if (before == null || !change.by().equals(RolloutDecider.SCHEDULER)) {
            return Optional.empty();
        }
        return switch (change.action()) {
            case "rollout.begin" -> since(before.startsAt(), change);
            case "rollout.advance", "rollout.complete" ->
                since(
                        before.stageSince() == null
                                ? null
                                : before.stageSince()
                                        .plus(GateChecks.stageOf(before).atLeast()),
                        change);
            default -> Optional.empty();
        };
    }

    private static Optional<Duration> since(@Nullable Instant due, Change change) {
        if (due == null) {
            return Optional.empty();
        }
        Duration late = Duration.between(due, change.state().updatedAt());
        return Optional.of(late.isNegative() ? Duration.ZERO : late);
    }
}
