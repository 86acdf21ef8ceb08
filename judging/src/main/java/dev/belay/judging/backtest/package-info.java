// SPDX-License-Identifier: Apache-2.0
/** What a plan's guardrails would have done about a recorded experiment, through the code that judges live. */
@NullMarked
package dev.belay.judging.backtest;

import org.jspecify.annotations.NullMarked;
