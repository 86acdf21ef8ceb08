// SPDX-License-Identifier: Apache-2.0
/** What ends a rollout changes its flag: a completed one becomes the default rule, a rolled-back one gives it back. */
@NullMarked
package dev.belay.flagconfig.folding;

import org.jspecify.annotations.NullMarked;
