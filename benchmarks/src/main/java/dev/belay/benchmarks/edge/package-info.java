// SPDX-License-Identifier: Apache-2.0
/** How fast flags are evaluated and events taken in, beside the least an application can do. */
@NullMarked
package dev.belay.benchmarks.edge;

import org.jspecify.annotations.NullMarked;
