// SPDX-License-Identifier: Apache-2.0
/** Watches what a rollout does to people: exposures and outcomes in, blocks, evidence and verdicts out. */
@NullMarked
package dev.belay.watcher;

import org.jspecify.annotations.NullMarked;
