// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollback;

import dev.belay.contracts.FlagRef;
import dev.belay.contracts.Require;
import dev.belay.contracts.rollbacks.RollbackTarget;
import org.jspecify.annotations.Nullable;

/**
 * A person wants something taken out.
 *
 * @param project name of the project, required
 * @param environment name of the environment, required
 * @param flag key of the flag, required
 * @param epoch epoch to take out, not above the present one; null for the present one
 * @param target what to take out: {@code all}, {@code variant:<key>} or {@code segment:<attribute>=<value>}; null for all
 * @param reason why, for people; required
 */
public record RollbackRequest(
        @Nullable String project,
        @Nullable String environment,
        @Nullable String flag,
        @Nullable Integer epoch,
        @Nullable RollbackTarget target,
        @Nullable String reason) {

    /** @throws IllegalArgumentException if a name is missing or not one */
    FlagRef ref() {
        return new FlagRef(
                Require.name(project, "project"), Require.name(environment, "environment"), Require.name(flag, "flag"));
    }

    /** @throws IllegalArgumentException if there is none */
    String why() {
        return Require.text(reason, "reason");
    }
}
