// SPDX-License-Identifier: Apache-2.0
/** Keys of machines and people. */
@NullMarked
package dev.belay.contracts.keys;

import org.jspecify.annotations.NullMarked;
