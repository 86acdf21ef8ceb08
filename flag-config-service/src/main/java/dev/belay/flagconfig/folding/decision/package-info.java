// SPDX-License-Identifier: Apache-2.0
/** Pure: what a flag becomes. */
@NullMarked
package dev.belay.flagconfig.folding.decision;

import org.jspecify.annotations.NullMarked;
