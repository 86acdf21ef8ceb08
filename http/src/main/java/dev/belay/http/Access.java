// SPDX-License-Identifier: Apache-2.0
package dev.belay.http;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

import dev.belay.contracts.keys.ApiKey;
import dev.belay.contracts.keys.Role;
import dev.belay.contracts.keys.Scope;
import jakarta.annotation.security.PermitAll;
import org.jspecify.annotations.Nullable;

/**
 * What a resource method asks of its caller.
 *
 * @param isOpen whether no key is needed
 * @param role role that suffices; null when no role does
 * @param scopes scopes of which one suffices
 */
record Access(boolean isOpen, @Nullable Role role, Set<Scope> scopes) {
    private static final Access CLOSED = new Access(false, Role.ADMIN, Set.of());

    static Access of(Class<?> resource, Method method) {
        if (speaks(method)) {
            return read(method);
        }
        return speaks(resource) ? read(resource) : CLOSED;
    }

    boolean isMetBy(ApiKey key) {
        return (role != null && key.role() != null && key.role().includes(role))
                || scopes.stream().anyMatch(key.scopes()::contains);
    }

    /** Returns what is needed, in words. */
    String words() {
        String byRole = role == null ? "" : "the role " + role.name().toLowerCase(Locale.ROOT);
        String byScope = scopes.isEmpty() ? "" : "one of the scopes " + scopes;
        return byRole + (byRole.isEmpty() || byScope.isEmpty() ? "" : " or ") + byScope;
    }

    private static boolean speaks(AnnotatedElement element) {
        return element.isAnnotationPresent(Allowed.class)
                || element.isAnnotationPresent(AllowedScopes.class)
                || element.isAnnotationPresent(PermitAll.class);
    }

    private static Access read(AnnotatedElement element) {
        Allowed allowed = element.getAnnotation(Allowed.class);
        AllowedScopes scopes = element.getAnnotation(AllowedScopes.class);
        return new Access(
                element.isAnnotationPresent(PermitAll.class),
                allowed == null ? null : allowed.value(),
                scopes == null ? Set.of() : withAdmin(scopes.value()));
    }

    private static Set<Scope> withAdmin(Scope[] scopes) {
        Set<Scope> all = new TreeSet<>(Set.of(scopes));
        all.add(Scope.ADMIN);
        return all;
    }
}
