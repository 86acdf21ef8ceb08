// SPDX-License-Identifier: Apache-2.0
package dev.belay.contracts;

import java.util.Collection;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/** Refusals of the records in this module: each names the field, the rule and the value. */
public final class Require {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

    private Require() {}

    /**
     * Returns {@code value} when it is a name: 1 to 100 letters, digits, dots, hyphens or underscores, the first one a
     * letter or digit. Names are parts of record keys and paths, so they never hold {@code / # :}.
     *
     * @throws IllegalArgumentException otherwise
     */
    public static String name(@Nullable String value, String field) {
        that(
                value != null && NAME.matcher(value).matches(),
                field,
                "must be 1 to 100 letters, digits, '.', '-' or '_', starting with a letter or digit",
                value);
        return nonNull(value, field);
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
