// SPDX-License-Identifier: Apache-2.0
/** What a run found, as tables. */
@NullMarked
package dev.belay.benchmarks.report;

import org.jspecify.annotations.NullMarked;
