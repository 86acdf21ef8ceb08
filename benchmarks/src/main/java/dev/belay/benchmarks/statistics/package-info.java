// SPDX-License-Identifier: Apache-2.0
/** What the statistics cost: time beside the logarithms they cannot do without, memory, and bytes of state. */
@NullMarked
package dev.belay.benchmarks.statistics;

import org.jspecify.annotations.NullMarked;
