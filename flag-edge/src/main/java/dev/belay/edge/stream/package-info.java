// SPDX-License-Identifier: Apache-2.0
/** Changes as they happen. */
@NullMarked
package dev.belay.edge.stream;

import org.jspecify.annotations.NullMarked;
