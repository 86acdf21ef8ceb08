// SPDX-License-Identifier: Apache-2.0
package dev.belay.http;

import org.jspecify.annotations.Nullable;

/**
 * One refused field of a request.
 *
 * @param field path of the field
 * @param rule what must hold, readable after the field's path
 * @param value what was found; null when it was missing
 */
public record FieldError(
        String field, String rule, @Nullable Object value) {}
