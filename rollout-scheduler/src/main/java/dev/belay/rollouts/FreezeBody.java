// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A freeze as asked for.
 *
 * @param project project it holds in, required
 * @param environment environment it holds in; null for all of the project
 * @param from first moment; null for now
 * @param until first moment after it, required
 * @param reason why, required
 */
record FreezeBody(
        @Nullable String project,
        @Nullable String environment,
        @Nullable Instant from,
        @Nullable Instant until,
        @Nullable String reason) {}
