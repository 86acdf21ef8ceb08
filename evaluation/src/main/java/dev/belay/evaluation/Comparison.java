// SPDX-License-Identifier: Apache-2.0
package dev.belay.evaluation;

import java.time.Instant;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.BiPredicate;
import java.util.function.DoublePredicate;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.contracts.flags.Operator;
import org.jspecify.annotations.Nullable;

/**
 * PostHog's property operators with the strict semantics of its matching version 2. What cannot be compared does not
 * match, whatever the operator: a text that is no number, a pattern that is none.
 */
public final class Comparison {
    private static final Pattern NUMBER = Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");

    private Comparison() {}

    /**
     * Returns whether a property compares as {@code operator} says.
     *
     * @param expected what the condition compares with
     * @param actual the context's property; null when it has none
     * @param now what relative dates count from
     */
    public static boolean holds(Operator operator, JsonNode expected, @Nullable JsonNode actual, Instant now) {
        if (actual == null) {
            return holdsWithoutProperty(operator);
        }
        return switch (operator) {
            case IS_SET -> true;
            case IS_NOT_SET -> false;
            case EXACT -> equal(expected, actual);
            case IS_NOT -> !equal(expected, actual);
            case ICONTAINS -> text(expected, actual, String::contains);
            case NOT_ICONTAINS -> !text(expected, actual, String::contains);
            case STARTS_WITH -> text(expected, actual, String::startsWith);
            case NOT_STARTS_WITH -> !text(expected, actual, String::startsWith);
            case ENDS_WITH -> text(expected, actual, String::endsWith);
            case NOT_ENDS_WITH -> !text(expected, actual, String::endsWith);
            case ICONTAINS_MULTI -> containsAny(expected, actual);
            case NOT_ICONTAINS_MULTI -> !containsAny(expected, actual);
            case REGEX -> BoundedRegex.finds(text(expected), text(actual)) == BoundedRegex.Result.FOUND;
            case NOT_REGEX -> BoundedRegex.finds(text(expected), text(actual)) == BoundedRegex.Result.NOT_FOUND;
            case GT -> numbers(expected, actual, difference -> difference > 0);
            case GTE -> numbers(expected, actual, difference -> difference >= 0);
            case LT -> numbers(expected, actual, difference -> difference < 0);
            case LTE -> numbers(expected, actual, difference -> difference <= 0);
            case BETWEEN -> range(expected, actual, true);
            case NOT_BETWEEN -> range(expected, actual, false);
            case IS_DATE_EXACT -> dates(expected, actual, now, order -> order == 0);
            case IS_DATE_BEFORE -> dates(expected, actual, now, order -> order < 0);
            case IS_DATE_AFTER -> dates(expected, actual, now, order -> order > 0);
            case SEMVER_EQ -> versions(expected, actual, order -> order == 0);
            case SEMVER_NEQ -> versions(expected, actual, order -> order != 0);
            case SEMVER_GT -> versions(expected, actual, order -> order > 0);
            case SEMVER_GTE -> versions(expected, actual, order -> order >= 0);
            case SEMVER_LT -> versions(expected, actual, order -> order < 0);
            case SEMVER_LTE -> versions(expected, actual, order -> order <= 0);
            case SEMVER_TILDE -> SemanticVersion.satisfiesTilde(text(actual), text(expected));
            case SEMVER_CARET -> SemanticVersion.satisfiesCaret(text(actual), text(expected));
            case SEMVER_WILDCARD -> SemanticVersion.satisfiesWildcard(text(actual), text(expected));
        };
    }

    /** A text as it is, anything else as its JSON. */
    static String text(JsonNode value) {
        return value.isTextual() ? value.textValue() : value.toString();
    }

    private static boolean holdsWithoutProperty(Operator operator) {
        return switch (operator) {
            case IS_NOT_SET,
                    IS_NOT,
                    NOT_ICONTAINS,
                    NOT_STARTS_WITH,
                    NOT_ENDS_WITH,
                    NOT_ICONTAINS_MULTI,
                    NOT_REGEX,
                    NOT_BETWEEN -> true;
            case EXACT,
                    IS_SET,
                    ICONTAINS,
                    STARTS_WITH,
                    ENDS_WITH,
                    ICONTAINS_MULTI,
                    REGEX,
                    GT,
                    GTE,
                    LT,
                    LTE,
                    BETWEEN,
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
                    SEMVER_WILDCARD -> false;
        };
    }

    private static boolean equal(JsonNode expected, JsonNode actual) {
        if (!expected.isArray()) {
            return equalTexts(expected, actual);
        }
        if (expected.isEmpty()) {
            return isTrue(actual);
        }
        for (JsonNode each : expected) {
            if (equalTexts(each, actual)) {
                return true;
            }
        }
        return false;
    }

    private static boolean equalTexts(JsonNode expected, JsonNode actual) {
        return text(expected).toLowerCase(Locale.ROOT).equals(text(actual).toLowerCase(Locale.ROOT));
    }

    private static boolean isTrue(JsonNode value) {
        return value.isBoolean() ? value.booleanValue() : value.isTextual() && "true".equalsIgnoreCase(value.asText());
    }

    private static boolean text(JsonNode expected, JsonNode actual, BiPredicate<String, String> test) {
        return test.test(lowerAscii(text(actual)), lowerAscii(text(expected)));
    }

    private static boolean containsAny(JsonNode expected, JsonNode actual) {
        if (!expected.isArray()) {
            return text(expected, actual, String::contains);
        }
        for (JsonNode each : expected) {
            if (text(each, actual, String::contains)) {
                return true;
            }
        }
        return false;
    }

    private static String lowerAscii(String text) {
        StringBuilder lower = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            lower.append(c >= 'A' && c <= 'Z' ? (char) (c + ('a' - 'A')) : c);
        }
        return lower.toString();
    }

    private static boolean numbers(JsonNode expected, JsonNode actual, DoublePredicate test) {
        OptionalDouble left = number(actual);
        OptionalDouble right = number(expected);
        return left.isPresent()
                && right.isPresent()
                && test.test(Double.compare(left.getAsDouble() + 0.0, right.getAsDouble() + 0.0));
    }

    private static boolean range(JsonNode expected, JsonNode actual, boolean inside) {
        if (!expected.isArray() || expected.size() != 2) {
            return false;
        }
        OptionalDouble low = number(expected.get(0));
        OptionalDouble high = number(expected.get(1));
        OptionalDouble value = number(actual);
        if (low.isEmpty() || high.isEmpty() || value.isEmpty() || low.getAsDouble() > high.getAsDouble()) {
            return false;
        }
        return (value.getAsDouble() >= low.getAsDouble() && value.getAsDouble() <= high.getAsDouble()) == inside;
    }

    private static OptionalDouble number(JsonNode value) {
        if (value.isNumber()) {
            return OptionalDouble.of(value.doubleValue());
        }
        return value.isTextual() && NUMBER.matcher(value.textValue()).matches()
                ? OptionalDouble.of(Double.parseDouble(value.textValue()))
                : OptionalDouble.empty();
    }

    private static boolean dates(JsonNode expected, JsonNode actual, Instant now, IntPredicate test) {
        if (!expected.isTextual()) {
            return false;
        }
        Instant left = actual.isNumber() ? Dates.ofSeconds(actual.doubleValue()) : Dates.parse(text(actual), now);
        Instant right = Dates.parse(expected.textValue(), now);
        return left != null && right != null && test.test(left.compareTo(right));
    }

    private static boolean versions(JsonNode expected, JsonNode actual, IntPredicate test) {
        SemanticVersion left = SemanticVersion.parse(text(actual));
        SemanticVersion right = SemanticVersion.parse(text(expected));
        return left != null && right != null && test.test(left.compareTo(right));
    }
}
