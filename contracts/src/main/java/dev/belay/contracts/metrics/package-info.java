// SPDX-License-Identifier: Apache-2.0
/** Metric definitions. */
@NullMarked
package dev.belay.contracts.metrics;

import org.jspecify.annotations.NullMarked;
