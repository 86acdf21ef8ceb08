// SPDX-License-Identifier: Apache-2.0
/** Who changed what, when and why. */
@NullMarked
package dev.belay.contracts.audit;

import org.jspecify.annotations.NullMarked;
