// SPDX-License-Identifier: Apache-2.0
package dev.belay.evaluation;

/** Why a variant was served; OpenFeature's reasons. */
public enum EvaluationReason {
    /** The flag has nothing to decide with. */
    STATIC,
    /** A rule, a segment, or the unit's own choice decided. */
    TARGETING_MATCH,
    /** A percentage decided. */
    SPLIT,
    /** The flag is off, killed, or its prerequisites do not hold. */
    DISABLED,
    /** No rule decided, so the default rule did. */
    DEFAULT,
    /** Nothing was served. */
    ERROR
}
