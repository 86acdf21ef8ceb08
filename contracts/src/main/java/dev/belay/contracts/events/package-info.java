// SPDX-License-Identifier: Apache-2.0
/** What units saw and what they did: exposures and outcomes. */
@NullMarked
package dev.belay.contracts.events;

import org.jspecify.annotations.NullMarked;
