// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.keys;

import java.time.Instant;
import java.util.Set;

import dev.belay.contracts.Require;
import dev.belay.contracts.keys.ApiKey;
import dev.belay.contracts.keys.Role;
import dev.belay.contracts.keys.Scope;
import dev.belay.http.KeyText;
import org.jspecify.annotations.Nullable;

/**
 * A key is asked for; components as in {@link ApiKey}.
 *
 * @param name for people
 * @param scopes at least one
 */
public record KeyRequest(
        String name,
        Set<Scope> scopes,
        @Nullable Role role,
        @Nullable String project,
        @Nullable String environment,
        @Nullable Instant expiresAt) {
    /** @throws IllegalArgumentException if a part is missing or does not fit */
    public KeyRequest {
        Require.name(name, "name");
        scopes = Set.copyOf(Require.notEmpty(scopes, "scopes"));
        Require.that(
                (role != null) == scopes.contains(Scope.ADMIN), "role", "belongs to keys with the admin scope", role);
        Require.that(environment == null || project != null, "environment", "needs a project", environment);
    }

    ApiKey key(KeyText text, Instant now) {
        return new ApiKey(text.id(), 1, text.hash(), name, scopes, role, project, environment, now, expiresAt, false);
    }
}
