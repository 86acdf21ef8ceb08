// SPDX-License-Identifier: Apache-2.0
/** How long harm that is proven is served, beside the same shape bare. */
@NullMarked
package dev.belay.benchmarks.latency;

import org.jspecify.annotations.NullMarked;
