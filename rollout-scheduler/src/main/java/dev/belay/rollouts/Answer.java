// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts;

import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.rollouts.decision.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * What became of an event.
 *
 * @param rollout the flag's latest rollout after it; null when it has none
 * @param refusal why a command was not obeyed; null when it was
 * @param note what the caller should know besides; null for nothing
 * @param isNew whether a rollout was made
 */
record Answer(
        @Nullable RolloutState rollout,
        @Nullable Refusal refusal,
        @Nullable String note,
        boolean isNew) {}
