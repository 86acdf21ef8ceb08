// SPDX-License-Identifier: Apache-2.0
/** Exposures and outcomes that applications send. */
@NullMarked
package dev.belay.edge.events;

import org.jspecify.annotations.NullMarked;
