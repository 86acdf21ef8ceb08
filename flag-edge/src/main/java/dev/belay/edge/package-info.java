// SPDX-License-Identifier: Apache-2.0
/** Serves flags from memory and takes in exposures and outcomes. */
@NullMarked
package dev.belay.edge;

import org.jspecify.annotations.NullMarked;
