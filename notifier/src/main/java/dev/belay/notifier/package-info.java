// SPDX-License-Identifier: Apache-2.0
/** Tells people what happened to a rollout, at least once per transition and channel. */
@NullMarked
package dev.belay.notifier;

import org.jspecify.annotations.NullMarked;
