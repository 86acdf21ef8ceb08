// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts;

import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.rollouts.decision.Basis;

/**
 * A rollout as it was read.
 *
 * @param state the rollout
 * @param basis what its allocation rests on
 * @param source digest of the document it was started from; empty when there was none
 */
record StoredRollout(RolloutState state, Basis basis, String source) {}
