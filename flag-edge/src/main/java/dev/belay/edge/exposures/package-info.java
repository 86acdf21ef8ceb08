// SPDX-License-Identifier: Apache-2.0
/** Units that saw a decision, reported once. */
@NullMarked
package dev.belay.edge.exposures;

import org.jspecify.annotations.NullMarked;
