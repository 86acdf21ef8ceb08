// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.documents;

import java.time.Instant;

import dev.belay.contracts.Actor;
import org.jspecify.annotations.Nullable;

/**
 * A version of something, and who wrote it.
 *
 * @param version its number
 * @param value what was written
 * @param at when
 * @param actor who; null for versions from before this was kept
 * @param action what was done, for instance {@code update}; null as above
 * @param reason why; null when none was given
 */
public record PastVersion<V>(
        long version,
        V value,
        Instant at,
        @Nullable Actor actor,
        @Nullable String action,
        @Nullable String reason) {}
