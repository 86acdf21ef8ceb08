// SPDX-License-Identifier: Apache-2.0
package dev.belay.http;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import dev.belay.contracts.keys.Scope;

/** The caller needs a key with one of these scopes; the admin scope always suffices. See {@link Allowed}. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface AllowedScopes {
    Scope[] value();
}
