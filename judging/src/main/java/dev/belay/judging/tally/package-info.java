// SPDX-License-Identifier: Apache-2.0
/** Units added up per rollout, and cut into blocks of evidence. */
@NullMarked
package dev.belay.judging.tally;

import org.jspecify.annotations.NullMarked;
