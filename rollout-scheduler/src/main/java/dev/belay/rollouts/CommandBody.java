// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts;

import java.util.List;

import dev.belay.http.FieldError;
import dev.belay.http.ProblemException;
import org.jspecify.annotations.Nullable;

/**
 * Body of a command.
 *
 * @param reason why, required
 * @param expectedVersion version of the rollout the caller saw; null when any will do
 * @param override whether gates that are not satisfied are passed over; null for no
 * @param stage name of a stage: where a jump leads, what a pin keeps to; null for commands without one
 * @param from name of the stage in which another try begins; null for the first
 * @param hash what is approved, as {@code why} says it; null for commands that approve nothing
 * @param reviewer who is asked to look; null for commands that ask nobody
 */
record CommandBody(
        @Nullable String reason,
        @Nullable Long expectedVersion,
        @Nullable Boolean override,
        @Nullable String stage,
        @Nullable String from,
        @Nullable String hash,
        @Nullable String reviewer) {

    static CommandBody given(@Nullable CommandBody body) {
        return body == null ? new CommandBody(null, null, null, null, null, null, null) : body;
    }

    /** @throws ProblemException 400 without a reason */
    String requiredReason() {
        return required("reason", reason);
    }

    /** @throws ProblemException 400 without a stage */
    String requiredStage() {
        return required("stage", stage);
    }

    /** @throws ProblemException 400 without a hash */
    String requiredHash() {
        return required("hash", hash);
    }

    /** @throws ProblemException 400 without a reviewer */
    String requiredReviewer() {
        return required("reviewer", reviewer);
    }

    boolean isOverride() {
        return override != null && override;
    }

    private static String required(String field, @Nullable String value) {
        if (value == null || value.isBlank()) {
            throw ProblemException.badRequest(
                    "invalid", "a " + field + " is needed", List.of(new FieldError(field, "must not be blank", value)));
        }
        return value;
    }
}
