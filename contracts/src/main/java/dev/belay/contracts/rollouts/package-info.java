// SPDX-License-Identifier: Apache-2.0
/** Templates, plans and the state of rollouts. */
@NullMarked
package dev.belay.contracts.rollouts;

import org.jspecify.annotations.NullMarked;
