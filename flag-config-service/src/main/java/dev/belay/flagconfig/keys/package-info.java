// SPDX-License-Identifier: Apache-2.0
/** Keys of machines and people: made, listed, taken back, and said to everyone through their topic. */
@NullMarked
package dev.belay.flagconfig.keys;

import org.jspecify.annotations.NullMarked;
