// SPDX-License-Identifier: Apache-2.0
/** What a unit's exposures and outcomes mean for the rollouts it saw: a function of the set of its events. */
@NullMarked
package dev.belay.judging.attribution;

import org.jspecify.annotations.NullMarked;
