// SPDX-License-Identifier: Apache-2.0
/** How fast Belay is, always beside a baseline that is measured in the same run. */
@NullMarked
package dev.belay.benchmarks;

import org.jspecify.annotations.NullMarked;
