// SPDX-License-Identifier: Apache-2.0
package dev.belay.http;

import java.util.Set;

import dev.belay.contracts.Actor;
import dev.belay.contracts.keys.ApiKey;
import dev.belay.contracts.keys.Role;
import dev.belay.contracts.keys.Scope;
import org.jspecify.annotations.Nullable;

/**
 * Who sends the request.
 *
 * @param actor for audit: the person of an admin key (the key's name), else the key
 * @param keyId public part of the key
 * @param scopes what the key is for
 * @param role what its holder may do; null without the admin scope
 * @param project project the key is limited to; null for all
 * @param environment environment the key is limited to; null for all
 */
public record Caller(
        Actor actor,
        String keyId,
        Set<Scope> scopes,
        @Nullable Role role,
        @Nullable String project,
        @Nullable String environment) {

    static Caller of(ApiKey key) {
        Actor actor = key.role() == null ? new Actor(Actor.Kind.KEY, key.id()) : Actor.person(key.name());
        return new Caller(actor, key.id(), key.scopes(), key.role(), key.project(), key.environment());
    }

    /** Returns whether the key's limits leave this project and environment; null environment: the project as a whole. */
    public boolean mayUse(String inProject, @Nullable String inEnvironment) {
        return (project == null || project.equals(inProject))
                && (environment == null || inEnvironment == null || environment.equals(inEnvironment));
    }

    /** @throws ProblemException 403 unless {@link #mayUse} */
    public void requireAccess(String inProject, @Nullable String inEnvironment) {
        if (!mayUse(inProject, inEnvironment)) {
            throw ProblemException.forbidden("key " + keyId + " is limited to project " + project
                    + (environment == null ? "" : ", environment " + environment));
        }
    }

    /** Returns whether the role includes {@code needed}. */
    public boolean has(Role needed) {
        return role != null && role.includes(needed);
    }
}
