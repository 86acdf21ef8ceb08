// SPDX-License-Identifier: Apache-2.0
/** Pure judgement of a rollout: attribution, strata, blocks, members and verdicts. */
@NullMarked
package dev.belay.judging;

import org.jspecify.annotations.NullMarked;
