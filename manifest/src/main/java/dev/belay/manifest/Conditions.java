// SPDX-License-Identifier: Apache-2.0
package dev.belay.manifest;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.contracts.flags.Condition;
import dev.belay.contracts.flags.Operator;
import org.jspecify.annotations.Nullable;

/** Reads {@code { property, operator, value }} and {@code { segment, negate? }}. */
final class Conditions {
    private static final Map<String, Operator> OPERATORS = Choices.of(Operator.class);
    private static final Pattern NUMBER = Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");

    private Conditions() {}

    static List<Condition> read(Place place) {
        return place.list(Conditions::condition);
    }

    private static @Nullable Condition condition(Place place) {
        Fields fields = place.object();
        if (!place.isObject()) {
            return null;
        }
        Place property = fields.take("property");
        Place segment = fields.take("segment");
        if (property.isGiven() == segment.isGiven()) {
            place.refuse("must name either a property or a segment");
        }
        return segment.isGiven() ? inSegment(fields, segment) : ofProperty(fields, property);
    }

    private static @Nullable Condition inSegment(Fields fields, Place segment) {
        String name = segment.name();
        Place negate = fields.take("negate");
        Boolean negated = negate.isGiven() ? negate.flag(false) : null;
        return fields.make(() -> new Condition(null, null, null, name, negated));
    }

    private static @Nullable Condition ofProperty(Fields fields, Place property) {
        String name = property.isGiven() ? property.text() : "";
        Operator operator = fields.take("operator").oneOf(OPERATORS);
        Place value = fields.take("value");
        if (operator != null) {
            check(operator, value);
        }
        return fields.make(() -> new Condition(name, operator, value.node(), null, null));
    }

    private static void check(Operator operator, Place value) {
        boolean isAboutPresence = operator == Operator.IS_SET || operator == Operator.IS_NOT_SET;
        if (isAboutPresence) {
            return;
        }
        if (!value.isGiven()) {
            value.refuse("is required by " + operator.wire());
        } else if (!isScalarOrListOfScalars(value.node())) {
            value.refuse("must be text, a number, true or false, or a list of them");
        } else {
            checkForm(operator, value);
        }
    }

    /** What an operator cannot compare would never match, and nobody would be told. */
    private static void checkForm(Operator operator, Place value) {
        switch (operator) {
            case REGEX, NOT_REGEX -> requirePattern(value);
            case GT, GTE, LT, LTE -> requireNumber(operator, value);
            case BETWEEN, NOT_BETWEEN -> requireRange(operator, value);
            default -> {
                // Every text can be compared.
            }
        }
    }

    private static void requireNumber(Operator operator, Place value) {
        if (number(value.node()).isEmpty()) {
            value.refuse("must be a number for " + operator.wire());
        }
    }

    private static void requireRange(Operator operator, Place value) {
        List<OptionalDouble> ends =
                value.each().stream().map(Place::node).map(Conditions::number).toList();
        boolean isRange = ends.size() == 2
                && ends.stream().allMatch(OptionalDouble::isPresent)
                && ends.get(0).orElseThrow() <= ends.get(1).orElseThrow();
        if (!isRange) {
            value.refuse("must be a list of two numbers, the lower first, for " + operator.wire());
        }
    }

    private static OptionalDouble number(@Nullable JsonNode node) {
        if (node != null && node.isNumber()) {
            return OptionalDouble.of(node.doubleValue());
        }
        return node != null
                        && node.isTextual()
                        && NUMBER.matcher(node.textValue()).matches()
                ? OptionalDouble.of(Double.parseDouble(node.textValue()))
                : OptionalDouble.empty();
    }

    private static boolean isScalarOrListOfScalars(@Nullable JsonNode node) {
        if (node == null || !node.isArray()) {
            return node != null && node.isValueNode();
        }
        for (JsonNode item : node) {
            if (!item.isValueNode() || item.isNull()) {
                return false;
            }
        }
        return true;
    }

    private static void requirePattern(Place value) {
        JsonNode node = value.node();
        try {
            Pattern.compile(node == null ? "" : node.asText());
        } catch (PatternSyntaxException e) {
            value.refuse("must be a regular expression");
        }
    }
}
