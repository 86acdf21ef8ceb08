// SPDX-License-Identifier: Apache-2.0
/** Processes that a run starts and ends. */
@NullMarked
package dev.belay.benchmarks.process;

import org.jspecify.annotations.NullMarked;
