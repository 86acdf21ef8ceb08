// SPDX-License-Identifier: Apache-2.0
/** Messages on their way: one row per channel and transition, sent until they arrive or can never. */
@NullMarked
package dev.belay.notifier.deliveries;

import org.jspecify.annotations.NullMarked;
