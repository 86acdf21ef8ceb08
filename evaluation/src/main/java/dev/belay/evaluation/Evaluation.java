// SPDX-License-Identifier: Apache-2.0
package dev.belay.evaluation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.contracts.flags.Variant;
import org.jspecify.annotations.Nullable;

/**
 * The answer of a flag to a context: a variant, or an error.
 *
 * @param variant key of the variant; null with an error
 * @param value its value; null with an error
 * @param reason why
 * @param errorCode what went wrong; null when nothing did
 * @param errorDetails what went wrong, for people; null when nothing did
 * @param assignment how the rollout in force decided; null when it did not decide, or the unit is not compared
 * @param rolloutVersion version of the rollout state in force, 0 when there is none
 * @param treatment whether the rollout served one of its treatments
 */
public record Evaluation(
        @Nullable String variant,
        @Nullable JsonNode value,
        EvaluationReason reason,
        @Nullable ErrorCode errorCode,
        @Nullable String errorDetails,
        @Nullable Assignment assignment,
        long rolloutVersion,
        boolean treatment) {

    /** Returns an error; {@code details} is for people. */
    public static Evaluation error(ErrorCode code, String details) {
        return new Evaluation(null, null, EvaluationReason.ERROR, code, details, null, 0, false);
    }

    static Evaluation of(Variant variant, EvaluationReason reason) {
        return new Evaluation(variant.key(), variant.value(), reason, null, null, null, 0, false);
    }

    Evaluation by(long version, boolean treated, @Nullable Assignment how) {
        return new Evaluation(variant, value, reason, errorCode, errorDetails, how, version, treated);
    }
}
