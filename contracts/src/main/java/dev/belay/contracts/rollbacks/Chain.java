// SPDX-License-Identifier: Apache-2.0
package dev.belay.contracts.rollbacks;

import org.jspecify.annotations.Nullable;

/**
 * How long a rollback took, step by step. All in milliseconds since the arrival of the record that completed the evidence,
 * or since the decision when a person made it; never negative, whatever the clocks say.
 *
 * @param verdict until the watcher said it; null when a person decided
 * @param rollback until the rollback was on the log; null when not known
 * @param firstOff until the first edge served it; null before
 * @param lastOff until the last edge served it; null before all do
 * @param lastTreatment until an edge served the treatment for the last time; null when no edge says
 */
public record Chain(
        @Nullable Long verdict,
        @Nullable Long rollback,
        @Nullable Long firstOff,
        @Nullable Long lastOff,
        @Nullable Long lastTreatment) {}
