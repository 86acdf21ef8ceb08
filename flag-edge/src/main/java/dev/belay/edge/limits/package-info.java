// SPDX-License-Identifier: Apache-2.0
/** How large bodies may be. */
@NullMarked
package dev.belay.edge.limits;

import org.jspecify.annotations.NullMarked;
