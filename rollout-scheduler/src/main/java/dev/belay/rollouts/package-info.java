// SPDX-License-Identifier: Apache-2.0
/** Owns rollouts and their epochs and raises them stage by stage. */
@NullMarked
package dev.belay.rollouts;

import org.jspecify.annotations.NullMarked;
