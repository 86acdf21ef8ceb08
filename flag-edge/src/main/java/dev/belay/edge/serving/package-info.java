// SPDX-License-Identifier: Apache-2.0
/** What this edge serves: the flags in memory, the file they survive a restart in, and what it says of itself. */
@NullMarked
package dev.belay.edge.serving;

import org.jspecify.annotations.NullMarked;
