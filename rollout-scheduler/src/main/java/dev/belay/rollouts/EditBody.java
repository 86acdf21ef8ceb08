// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts;

import java.util.List;

import dev.belay.contracts.rollouts.Guardrail;
import dev.belay.contracts.rollouts.Sensitivity;
import dev.belay.contracts.rollouts.Stage;
import dev.belay.contracts.rollouts.Window;
import org.jspecify.annotations.Nullable;

/**
 * An edit of a rollout's plan, in the form in which the rollout shows it. What is left out stays.
 *
 * @param reason why, required
 * @param expectedVersion version of the rollout the caller saw; null when any will do
 * @param guardrails all guardrails as they shall be; metrics that the plan lacks are copied from the project
 * @param stages all stages as they shall be
 * @param only all windows as they shall be
 * @param watchBy all watched dimensions as they shall be
 * @param sensitivity how much harm inside the limits is tolerated
 * @param tell all channels as they shall be
 */
record EditBody(
        @Nullable String reason,
        @Nullable Long expectedVersion,
        @Nullable List<Guardrail> guardrails,
        @Nullable List<Stage> stages,
        @Nullable List<Window> only,
        @Nullable List<String> watchBy,
        @Nullable Sensitivity sensitivity,
        @Nullable List<String> tell) {

    /** Returns the part of it that every command has. */
    CommandBody command() {
        return new CommandBody(reason, expectedVersion, null, null, null, null, null);
    }
}
