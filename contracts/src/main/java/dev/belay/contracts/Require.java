// SPDX-License-Identifier: Apache-2.0
package dev.belay.contracts;

import java.util.Collection;

import org.jspecify.annotations.Nullable;

/** Refusals of the records in this module: each names the field, the rule and the value. */
public final class Require {
    private static final int LONGEST_NAME = 100;

    private Require() {}

    /**
     * Returns {@code value} when it is a name: 1 to 100 letters, digits, dots, hyphens or underscores, the first one a
     * letter or digit. Names are parts of record keys and paths, so they never hold {@code / # :}.
     *
     * @throws IllegalArgumentException otherwise
     */
    public static String name(@Nullable String value, String field) {
        that(
                value != null && isName(value),
                field,
                "must be 1 to 100 letters, digits, '.', '-' or '_', starting with a letter or digit",
                value);
        return nonNull(value, field);
    }

    /** Every record of every event is checked so, a dozen times: no regular expression. */
    private static boolean isName(String value) {
        if (value.isEmpty() || value.length() > LONGEST_NAME || !isLetterOrDigit(value.charAt(0))) {
            return false;
        }
        for (int i = 1; i < value.length(); i++) {
            char each = value.charAt(i);
            if (!isLetterOrDigit(each) && each != '.' && each != '_' && each != '-') {
                return false;
            }
        }
        return true;
    }

    private static boolean isLetterOrDigit(char each) {
        return (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z') || (each >= '0' && each <= '9');
    }

    /**
     * Returns {@code value} when it is neither null nor blank.
     *
     * @throws IllegalArgumentException otherwise
     */
    public static String text(@Nullable String value, String field) {
        that(value != null && !value.isBlank(), field, "must not be blank", value);
        return nonNull(value, field);
    }

    /**
     * Returns {@code value} when it is not null.
     *
     * @throws IllegalArgumentException otherwise
     */
    public static <T> T nonNull(@Nullable T value, String field) {
        if (value == null) {
            throw new IllegalArgumentException(field + " is required, was null");
        }
        return value;
    }

    /** @throws IllegalArgumentException unless {@code value} is zero or more */
    public static long notNegative(long value, String field) {
        that(value >= 0, field, "must not be negative", value);
        return value;
    }

    /** @throws IllegalArgumentException unless {@code value} is one or more */
    public static long positive(long value, String field) {
        that(value > 0, field, "must be positive", value);
        return value;
    }

    /** @throws IllegalArgumentException unless {@code value} lies in [0, 100] */
    public static double percent(double value, String field) {
        that(value >= 0 && value <= 100, field, "must lie in [0, 100] percent", value);
        return value;
    }

    /** @throws IllegalArgumentException if {@code values} is null or empty */
    public static <T, C extends Collection<T>> C notEmpty(@Nullable C values, String field) {
        that(values != null && !values.isEmpty(), field, "must not be empty", values);
        return nonNull(values, field);
    }

    /**
     * @param rule what must hold, readable after the field's name
     * @param value what was found
     * @throws IllegalArgumentException unless {@code condition} holds; the message is {@code <field> <rule>, was <value>}
     */
    public static void that(boolean condition, String field, String rule, @Nullable Object value) {
        if (!condition) {
            throw new IllegalArgumentException(field + " " + rule + ", was " + value);
        }
    }
}
