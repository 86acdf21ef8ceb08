// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.keys;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import dev.belay.contracts.Require;
import dev.belay.contracts.keys.ApiKey;
import dev.belay.contracts.keys.Role;
import dev.belay.contracts.keys.Scope;
import dev.belay.http.KeyText;
import org.jspecify.annotations.Nullable;

/**
 * A key that the operator chose: {@code <scope>=<key>[@project[/environment]]}.
 *
 * @param scope what it is for; admin has the role admin
 * @param text the key
 * @param project project it is limited to; null for all
 * @param environment environment it is limited to; null for all
 */
record BootstrapKey(
        Scope scope,
        KeyText text,
        @Nullable String project,
        @Nullable String environment) {

    /**
     * Reads the setting {@code belay.bootstrap.keys}: keys separated by commas.
     *
     * @throws IllegalArgumentException if one has another form; the message repeats no key
     */
    static List<BootstrapKey> parseAll(String setting) {
        return Arrays.stream(setting.split(","))
                .map(String::trim)
                .filter(part -> !part.isEmpty())
                .map(BootstrapKey::parse)
                .toList();
    }

    ApiKey key(long version, Instant createdAt, boolean revoked) {
        Role role = scope == Scope.ADMIN ? Role.ADMIN : null;
        return new ApiKey(
                text.id(),
                version,
                text.hash(),
                scope.name().toLowerCase(Locale.ROOT),
                Set.of(scope),
                role,
                project,
                environment,
                createdAt,
                null,
                revoked);
    }

    private static BootstrapKey parse(String part) {
        int equals = part.indexOf('=');
        Require.that(
                equals > 0,
                "belay.bootstrap.keys",
                "must have the form <scope>=<key>[@project[/environment]]",
                "another text of " + part.length() + " characters");
        String[] halves = part.substring(equals + 1).split("@", 2);
        String[] limits = halves.length == 1 ? new String[0] : halves[1].split("/", 2);
        return new BootstrapKey(
                scope(part.substring(0, equals)),
                KeyText.parse(halves[0]),
                limits.length > 0 ? Require.name(limits[0], "belay.bootstrap.keys.project") : null,
                limits.length > 1 ? Require.name(limits[1], "belay.bootstrap.keys.environment") : null);
    }

    private static Scope scope(String word) {
        return Arrays.stream(Scope.values())
                .filter(scope -> scope.name().equalsIgnoreCase(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "belay.bootstrap.keys.scope must be one of " + List.of(Scope.values()) + ", was " + word));
    }
}
