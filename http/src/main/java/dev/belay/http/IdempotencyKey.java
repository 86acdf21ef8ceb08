// SPDX-License-Identifier: Apache-2.0
package dev.belay.http;

import java.util.List;
import java.util.Optional;

import dev.belay.contracts.Require;
import org.jspecify.annotations.Nullable;

/**
 * What makes a repeated command recognisable: a caller's own word for it.
 *
 * @param id public part of the caller's key and the word
 */
public record IdempotencyKey(String id) {
    /** Name of the header. */
    public static final String HEADER = "Idempotency-Key";

    private static final int LONGEST = 200;

    /**
     * Reads the header; empty when there is none.
     *
     * @throws IllegalArgumentException if it is longer than 200 characters
     */
    public static Optional<IdempotencyKey> of(@Nullable String header, Caller caller) {
        if (header == null || header.isBlank()) {
            return Optional.empty();
        }
        Require.that(
                header.length() <= LONGEST, HEADER, "must have at most " + LONGEST + " characters", header.length());
        return Optional.of(new IdempotencyKey(caller.keyId() + " " + header));
    }

    /** Returns the refusal of a word that was used for something else. */
    public static ProblemException reused() {
        return ProblemException.unprocessable(
                "idempotency-key-reused", "the idempotency key was used for another request", List.of());
    }
}
