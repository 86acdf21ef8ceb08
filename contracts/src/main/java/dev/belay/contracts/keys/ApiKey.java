// SPDX-License-Identifier: Apache-2.0
package dev.belay.contracts.keys;

import java.time.Instant;
import java.util.Set;

import dev.belay.contracts.Require;
import org.jspecify.annotations.Nullable;

/**
 * A key as every service needs it to authenticate a caller without a database. The secret itself is shown once and
 * stored nowhere.
 *
 * <p>Topic {@code belay.keys.v1}, keyed by the key's id; the highest version wins.
 *
 * @param id public part of the key
 * @param version rises with every change, from 1
 * @param hash SHA-256 of the whole key text, 64 lower-case hexadecimal digits
 * @param name for people: the person's login for a person's key
 * @param scopes what it is for, at least one
 * @param role what its holder may do; null for keys without the admin scope
 * @param project project it is limited to; null for all
 * @param environment environment it is limited to; null for all
 * @param createdAt when it was made
 * @param expiresAt when it ends; null for never
 * @param revoked whether it was taken back
 */
public record ApiKey(
        String id,
        long version,
        String hash,
        String name,
        Set<Scope> scopes,
        @Nullable Role role,
        @Nullable String project,
        @Nullable String environment,
        Instant createdAt,
        @Nullable Instant expiresAt,
        boolean revoked) {
    /** @throws IllegalArgumentException if a part is missing or does not fit */
    public ApiKey {
        Require.name(id, "id");
        Require.positive(version, "version");
        Require.that(
                hash != null && hash.matches("[0-9a-f]{64}"), "hash", "must be 64 hexadecimal digits", "another text");
        Require.text(name, "name");
        scopes = Set.copyOf(Require.notEmpty(scopes, "scopes"));
        Require.that(
                (role != null) == scopes.contains(Scope.ADMIN), "role", "belongs to keys with the admin scope", role);
        Require.nonNull(createdAt, "createdAt");
    }

    /** Returns whether the key may be used at {@code now} for something in that project and environment. */
    public boolean allows(Instant now, String inProject, String inEnvironment) {
        return isLive(now)
                && (project == null || project.equals(inProject))
                && (environment == null || environment.equals(inEnvironment));
    }

    /** Returns whether the key is neither revoked nor expired at {@code now}. */
    public boolean isLive(Instant now) {
        return !revoked && (expiresAt == null || now.isBefore(expiresAt));
    }
}
