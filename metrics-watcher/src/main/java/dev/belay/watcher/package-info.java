// SPDX-License-Identifier: Apache-2.0
/** Judges running rollouts: exposures and outcomes in, evidence and verdicts out. */
@NullMarked
package dev.belay.watcher;

import org.jspecify.annotations.NullMarked;
