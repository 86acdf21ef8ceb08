// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.keys;

import java.time.Instant;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

import dev.belay.contracts.keys.ApiKey;
import dev.belay.contracts.keys.Role;
import dev.belay.contracts.keys.Scope;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.jspecify.annotations.Nullable;

/** A key; its secret is stored nowhere. */
@Entity
@Table(name = "keys")
class KeyRow {
    @Id
    String id;

    long version;
    String hash;
    String name;

    /** Whether it is the personal key of a user. */
    boolean person;

    /** Names of the scopes, separated by commas. */
    String scopes;

    @Enumerated(EnumType.STRING)
    @Nullable
    Role role;

    @Nullable
    String project;

    @Nullable
    String environment;

    @Column(name = "created_at")
    Instant createdAt;

    @Column(name = "expires_at")
    @Nullable
    Instant expiresAt;

    boolean revoked;

    void set(ApiKey key, boolean isPerson) {
        id = key.id();
        version = key.version();
        hash = key.hash();
        name = key.name();
        person = isPerson;
        scopes = key.scopes().stream().sorted().map(Scope::name).collect(Collectors.joining(","));
        role = key.role();
        project = key.project();
        environment = key.environment();
        createdAt = key.createdAt();
        expiresAt = key.expiresAt();
        revoked = key.revoked();
    }

    ApiKey key() {
        Set<Scope> all = Arrays.stream(scopes.split(",")).map(Scope::valueOf).collect(Collectors.toSet());
        return new ApiKey(id, version, hash, name, all, role, project, environment, createdAt, expiresAt, revoked);
    }
}
