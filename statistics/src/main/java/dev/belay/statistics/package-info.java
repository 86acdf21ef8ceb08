// SPDX-License-Identifier: Apache-2.0
/** Pure statistics of guardrails: e-processes, intervals and planning. */
@NullMarked
package dev.belay.statistics;

import org.jspecify.annotations.NullMarked;
