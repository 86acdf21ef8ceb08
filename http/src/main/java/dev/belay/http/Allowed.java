// SPDX-License-Identifier: Apache-2.0
package dev.belay.http;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import dev.belay.contracts.keys.Role;

/**
 * The caller needs a key with the admin scope and a role that includes this one. On a method it replaces what the class
 * says; with {@link AllowedScopes} on the same element either suffices. A resource with neither needs role admin, unless it
 * says {@link jakarta.annotation.security.PermitAll}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface Allowed {
    Role value();
}
