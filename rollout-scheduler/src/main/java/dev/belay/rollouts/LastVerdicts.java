// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts;

import java.util.List;

import dev.belay.contracts.verdicts.Verdict;

/**
 * What was known of each guardrail when a rollout ended.
 *
 * @param items the last verdict of each subject, by subject
 */
record LastVerdicts(List<Verdict> items) {}
