// SPDX-License-Identifier: Apache-2.0
/** OpenFeature's remote evaluation protocol. */
@NullMarked
package dev.belay.edge.ofrep;

import org.jspecify.annotations.NullMarked;
