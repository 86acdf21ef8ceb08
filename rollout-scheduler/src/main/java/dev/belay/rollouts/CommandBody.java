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
 */
record CommandBody(
        @Nullable String reason,
        @Nullable Long expectedVersion,
        @Nullable Boolean override) {

    /** @throws ProblemException 400 without a reason */
    String requiredReason() {
        if (reason == null || reason.isBlank()) {
            throw ProblemException.badRequest(
                    "invalid", "a reason is needed", List.of(new FieldError("reason", "must not be blank", reason)));
        }
        return reason;
    }

    boolean isOverride() {
        return override != null && override;
    }
}
