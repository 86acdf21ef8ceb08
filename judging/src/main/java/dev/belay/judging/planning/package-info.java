// SPDX-License-Identifier: Apache-2.0
/** What a plan will cost before it is started: units and hours per stage and guardrail, and what can never be judged. */
@NullMarked
package dev.belay.judging.planning;

import org.jspecify.annotations.NullMarked;
