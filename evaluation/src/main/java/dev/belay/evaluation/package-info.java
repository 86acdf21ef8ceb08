// SPDX-License-Identifier: Apache-2.0
/** Pure evaluation of a flag for a context: rules, segments, bucketing and what rollouts and rollbacks make of them. */
@NullMarked
package dev.belay.evaluation;

import org.jspecify.annotations.NullMarked;
