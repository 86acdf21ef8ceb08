// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts.decision;

/**
 * Why a command is not obeyed.
 *
 * @param status HTTP status: 403 when somebody else must agree first, 409 when something else must happen first, 422 when it can never be obeyed
 * @param code stable name of the rule
 * @param sentence for people
 */
public record Refusal(int status, String code, String sentence) {
    private static final int FORBIDDEN = 403;
    private static final int CONFLICT = 409;
    private static final int UNPROCESSABLE = 422;

    static Refusal conflict(String code, String sentence) {
        return new Refusal(CONFLICT, code, sentence);
    }

    static Refusal forbidden(String code, String sentence) {
        return new Refusal(FORBIDDEN, code, sentence);
    }

    static Refusal unprocessable(String code, String sentence) {
        return new Refusal(UNPROCESSABLE, code, sentence);
    }
}
