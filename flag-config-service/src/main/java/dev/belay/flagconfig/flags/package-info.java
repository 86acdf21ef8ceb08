// SPDX-License-Identifier: Apache-2.0
/** Flags for people: written, compared, copied, taken back to what they were, and found when nobody needs them any more. */
@NullMarked
package dev.belay.flagconfig.flags;

import org.jspecify.annotations.NullMarked;
