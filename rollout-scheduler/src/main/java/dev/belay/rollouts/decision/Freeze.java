// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts.decision;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

import dev.belay.contracts.Actor;
import dev.belay.contracts.FlagRef;
import dev.belay.contracts.Require;
import org.jspecify.annotations.Nullable;

/**
 * A time in which nothing is raised or started. Taking back is never frozen.
 *
 * @param id names it
 * @param project project it holds in
 * @param environment environment it holds in; null for all of the project
 * @param from first moment
 * @param until first moment after it, after {@code from}
 * @param reason why, for people
 * @param by who declared it
 */
public record Freeze(
        String id, String project, @Nullable String environment, Instant from, Instant until, String reason, Actor by) {
    /** @throws IllegalArgumentException if a part is missing or it ends before it begins */
    public Freeze {
        Require.text(id, "freeze.id");
        Require.name(project, "freeze.project");
        if (environment != null) {
            Require.name(environment, "freeze.environment");
        }
        Require.nonNull(from, "freeze.from");
        Require.nonNull(until, "freeze.until");
        Require.that(from.isBefore(until), "freeze.until", "must be after from " + from, until);
        Require.text(reason, "freeze.reason");
        Require.nonNull(by, "freeze.by");
    }

    /** Returns whether it holds for a flag at a moment. */
    public boolean covers(FlagRef ref, Instant now) {
        boolean isHere =
                project.equals(ref.project()) && (environment == null || environment.equals(ref.environment()));
        return isHere && !now.isBefore(from) && now.isBefore(until);
    }

    /** Returns the freeze that holds for a flag now, the one that lasts longest. */
    static Optional<Freeze> inForce(List<Freeze> freezes, FlagRef ref, Instant now) {
        return freezes.stream().filter(freeze -> freeze.covers(ref, now)).max((one, other) -> one.until()
                .compareTo(other.until()));
    }

    String sentence() {
        return "frozen until " + until + ": " + reason;
    }
}
