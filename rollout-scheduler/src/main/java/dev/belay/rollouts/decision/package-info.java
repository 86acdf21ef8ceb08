// SPDX-License-Identifier: Apache-2.0
/**
 * Decides what becomes of a rollout: {@code (Situation, RolloutEvent) -> Decision}. Pure: no clock, no input or output, no
 * framework; time arrives inside the event. The table of all answers is {@code docs/decisions/rollout.md}.
 */
@NullMarked
package dev.belay.rollouts.decision;

import org.jspecify.annotations.NullMarked;
