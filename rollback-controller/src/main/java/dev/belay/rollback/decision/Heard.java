// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollback.decision;

import java.time.Instant;

import dev.belay.contracts.verdicts.Verdict;

/**
 * A verdict and when it got here.
 *
 * @param verdict what the watcher said
 * @param at when it arrived
 */
public record Heard(Verdict verdict, Instant at) {}
