// SPDX-License-Identifier: Apache-2.0
/** What each edge serves. */
@NullMarked
package dev.belay.contracts.served;

import org.jspecify.annotations.NullMarked;
