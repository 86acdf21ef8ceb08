// SPDX-License-Identifier: Apache-2.0
/** What a rollout will cost before it is started, at the traffic that was seen last. */
@NullMarked
package dev.belay.rollouts.planning;

import org.jspecify.annotations.NullMarked;
