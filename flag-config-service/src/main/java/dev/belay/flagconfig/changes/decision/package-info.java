// SPDX-License-Identifier: Apache-2.0
/** Pure: when a change of a flag may be made. */
@NullMarked
package dev.belay.flagconfig.changes.decision;

import org.jspecify.annotations.NullMarked;
