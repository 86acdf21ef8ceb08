// SPDX-License-Identifier: Apache-2.0
/** Recorded experiments, sent through the edge as if they happened now. */
@NullMarked
package dev.belay.standalone.replay;

import org.jspecify.annotations.NullMarked;
