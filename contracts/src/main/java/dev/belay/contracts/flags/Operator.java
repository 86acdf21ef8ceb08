// SPDX-License-Identifier: Apache-2.0
package dev.belay.contracts.flags;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** How a property is compared; PostHog's operators with PostHog's strict semantics (matching version 2). */
public enum Operator {
    EXACT,
    IS_NOT,
    IS_SET,
    IS_NOT_SET,
    ICONTAINS,
    NOT_ICONTAINS,
    STARTS_WITH,
    NOT_STARTS_WITH,
    ENDS_WITH,
    NOT_ENDS_WITH,
    ICONTAINS_MULTI,
    NOT_ICONTAINS_MULTI,
    REGEX,
    NOT_REGEX,
    GT,
    GTE,
    LT,
    LTE,
    BETWEEN,
    NOT_BETWEEN,
    IS_DATE_EXACT,
    IS_DATE_BEFORE,
    IS_DATE_AFTER,
    SEMVER_EQ,
    SEMVER_NEQ,
    SEMVER_GT,
    SEMVER_GTE,
    SEMVER_LT,
    SEMVER_LTE,
    SEMVER_TILDE,
    SEMVER_CARET,
    SEMVER_WILDCARD;

    /**
     * @param wire lower-case name, for instance {@code icontains}
     * @throws IllegalArgumentException for any other name
     */
    @JsonCreator
    public static Operator of(String wire) {
        return Arrays.stream(values())
                .filter(operator -> operator.wire().equals(wire))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("operator must be one of " + names() + ", was " + wire));
    }

    /** Returns the name used in YAML and JSON. */
    @JsonValue
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    private static String names() {
        return Arrays.stream(values()).map(Operator::wire).collect(Collectors.joining(", "));
    }
}
