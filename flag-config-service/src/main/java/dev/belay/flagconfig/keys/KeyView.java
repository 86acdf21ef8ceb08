// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.keys;

import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;

import dev.belay.contracts.keys.ApiKey;
import dev.belay.contracts.keys.Role;
import dev.belay.contracts.keys.Scope;
import org.jspecify.annotations.Nullable;

/**
 * A key as its administrators see it; components as in {@link ApiKey}.
 *
 * @param key the whole text, a secret; null except in the answer to the request that made it
 */
public record KeyView(
        String id,
        String name,
        Set<Scope> scopes,
        @Nullable Role role,
        @Nullable String project,
        @Nullable String environment,
        Instant createdAt,
        @Nullable Instant expiresAt,
        boolean revoked,
        @Nullable String key) {

    static KeyView of(ApiKey key, @Nullable String text) {
        return new KeyView(
                key.id(),
                key.name(),
                new TreeSet<>(key.scopes()),
                key.role(),
                key.project(),
                key.environment(),
                key.createdAt(),
                key.expiresAt(),
                key.revoked(),
                text);
    }
}
