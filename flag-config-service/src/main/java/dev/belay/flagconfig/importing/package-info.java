// SPDX-License-Identifier: Apache-2.0
/** Flags from elsewhere, and everything that is kept here for elsewhere. */
@NullMarked
package dev.belay.flagconfig.importing;

import org.jspecify.annotations.NullMarked;
