// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts;

import java.util.List;

import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.verdicts.Verdict;
import dev.belay.rollouts.decision.Basis;
import dev.belay.rollouts.decision.Terms;

/**
 * A rollout as it was read.
 *
 * @param state the rollout
 * @param basis what its allocation rests on
 * @param terms what is agreed besides its plan
 * @param verdicts what was known of each guardrail when it ended; empty before
 * @param source digest of the document it was started from; empty when there was none
 */
record StoredRollout(RolloutState state, Basis basis, Terms terms, List<Verdict> verdicts, String source) {}
