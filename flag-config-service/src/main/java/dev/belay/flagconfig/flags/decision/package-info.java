// SPDX-License-Identifier: Apache-2.0
/** Pure: what a flag becomes, and whether it is needed. */
@NullMarked
package dev.belay.flagconfig.flags.decision;

import org.jspecify.annotations.NullMarked;
