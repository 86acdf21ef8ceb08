// SPDX-License-Identifier: Apache-2.0
/**
 * How often the rules of rollouts are wrong and how many people are harmed before they are right, ours and others', on the same
 * streams of made-up users.
 */
@NullMarked
package dev.belay.benchmarks.simulate;

import org.jspecify.annotations.NullMarked;
