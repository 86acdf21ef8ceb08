// SPDX-License-Identifier: Apache-2.0
/** How fast events are attributed and judged, beside a plain count. */
@NullMarked
package dev.belay.benchmarks.watcher;

import org.jspecify.annotations.NullMarked;
