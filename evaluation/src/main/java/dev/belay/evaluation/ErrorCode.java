// SPDX-License-Identifier: Apache-2.0
package dev.belay.evaluation;

/** Why a flag could not be evaluated; OpenFeature's codes. */
public enum ErrorCode {
    /** There is no such flag, or it is archived. */
    FLAG_NOT_FOUND,
    /** The flag hashes a kind of unit that the context does not name. */
    TARGETING_KEY_MISSING,
    /** The context is not one. */
    INVALID_CONTEXT,
    /** The request cannot be read. */
    PARSE_ERROR,
    /** Anything else. */
    GENERAL
}
