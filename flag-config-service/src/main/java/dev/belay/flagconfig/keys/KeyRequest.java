// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.keys;

import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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
        Require.notEmpty(scopes, "scopes");
        boolean hasNull = scopes.stream().anyMatch(Objects::isNull);
        Require.that(!hasNull, "scopes", "must not hold null", scopes);
        scopes = Set.copyOf(scopes);
        if (project != null) {
            Require.name(project, "project");
        }
        if (environment != null) {
            Require.name(environment, "environment");
        }
        Require.that(
                (role != null) == scopes.contains(Scope.ADMIN), "role", "belongs to keys with the admin scope", role);
        Require.that(environment == null || project != null, "environment", "needs a project", environment);
    }

    /** Returns the same text for the same request. */
    String text() {
        return Stream.of(name, new TreeSet<>(scopes), role, project, environment, expiresAt)
                .map(String::valueOf)
                .collect(Collectors.joining(" "));
    }

    /** @throws IllegalArgumentException if the key would have ended already */
    ApiKey key(KeyText text, Instant now) {
        Require.that(expiresAt == null || expiresAt.isAfter(now), "expiresAt", "must be in the future", expiresAt);
        return new ApiKey(text.id(), 1, text.hash(), name, scopes, role, project, environment, now, expiresAt, false);
    }
}
