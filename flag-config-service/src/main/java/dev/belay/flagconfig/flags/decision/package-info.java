// SPDX-License-Identifier: Apache-2.0
/** Pure: whether a flag is needed. */
@NullMarked
package dev.belay.flagconfig.flags.decision;

import org.jspecify.annotations.NullMarked;
