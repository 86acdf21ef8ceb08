// SPDX-License-Identifier: Apache-2.0
package dev.belay.http;

import java.util.List;

/**
 * Body of every refusal, {@code application/problem+json} (RFC 9457).
 *
 * @param type {@code about:blank}: {@code code} says what it is
 * @param title the status in words
 * @param status HTTP status
 * @param code stable name of the problem, for programs
 * @param detail what is wrong, for people
 * @param errors refused fields, may be empty
 */
public record Problem(String type, String title, int status, String code, String detail, List<FieldError> errors) {
    /** The media type. */
    public static final String MEDIA_TYPE = "application/problem+json";

    /** @param errors may be null for none */
    public Problem {
        errors = errors == null ? List.of() : List.copyOf(errors);
    }
}
