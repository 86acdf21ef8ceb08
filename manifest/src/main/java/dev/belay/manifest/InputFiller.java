// SPDX-License-Identifier: Apache-2.0
package dev.belay.manifest;

import java.time.DateTimeException;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.belay.contracts.Require;
import dev.belay.contracts.rollouts.RolloutTemplate.Input;
import dev.belay.contracts.rollouts.RolloutTemplate.InputType;
import org.jspecify.annotations.Nullable;

/**
 * Puts values in the place of a template's inputs: wherever {@code { input: name }} stands and the input has a type. Inputs
 * without one ask for metrics, and stay.
 */
final class InputFiller {
    private static final String INPUT = "input";

    private final Map<String, Input> inputs;
    private final Map<String, String> given;

    /** @param given values by input name; inputs left out take their default, or a sample where they have none */
    InputFiller(Map<String, Input> inputs, Map<String, String> given) {
        this.inputs = inputs;
        this.given = given;
    }

    /** Returns the spec with its values; what a wrong value makes of it is refused where it stands. */
    Place filled(Place spec) {
        JsonNode node = spec.node();
        if (!(node instanceof ObjectNode object)) {
            return spec;
        }
        ObjectNode filled = JsonNodeFactory.instance.objectNode();
        object.properties()
                .forEach(field -> filled.set(
                        field.getKey(), field.getKey().equals("inputs") ? field.getValue() : fill(field.getValue())));
        return spec.with(filled);
    }

    private JsonNode fill(JsonNode node) {
        if (node instanceof ArrayNode list) {
            ArrayNode items = JsonNodeFactory.instance.arrayNode();
            list.forEach(item -> items.add(fill(item)));
            return items;
        }
        if (!(node instanceof ObjectNode object)) {
            return node;
        }
        Input input = object.size() == 1 ? inputs.get(object.path(INPUT).asText("")) : null;
        if (input != null && input.type() != null) {
            return value(object.path(INPUT).asText(), input, input.type());
        }
        ObjectNode fields = JsonNodeFactory.instance.objectNode();
        object.properties().forEach(field -> fields.set(field.getKey(), fill(field.getValue())));
        return fields;
    }

    private JsonNode value(String name, Input input, InputType type) {
        String chosen = given.getOrDefault(name, input.value() == null ? sample(type) : input.value());
        if (type != InputType.NUMBER || refusal(type, chosen).isPresent()) {
            return JsonNodeFactory.instance.textNode(chosen);
        }
        double number = Double.parseDouble(chosen);
        return number == Math.rint(number) && Math.abs(number) < Long.MAX_VALUE
                ? JsonNodeFactory.instance.numberNode((long) number)
                : JsonNodeFactory.instance.numberNode(number);
    }

    /** Returns the rule that a value breaks; empty when it is of the type. */
    static Optional<String> refusal(InputType type, String value) {
        try {
            switch (type) {
                case PERCENT -> Percentages.parse(value);
                case DURATION -> Durations.parse(value);
                case SEGMENT -> Require.name(value, "segment");
                case NUMBER -> Require.that(Double.isFinite(Double.parseDouble(value)), "number", "finite", value);
            }
            return Optional.empty();
        } catch (IllegalArgumentException | DateTimeException e) {
            return Optional.of(rule(type));
        }
    }

    /** Returns what stands there as text; null for nothing. What is neither text nor a number is refused. */
    static @Nullable String text(Place place) {
        JsonNode node = place.node();
        return node != null && node.isNumber() ? node.asText() : place.optionalText();
    }

    private static String rule(InputType type) {
        return switch (type) {
            case PERCENT -> Percentages.RULE;
            case DURATION -> Durations.RULE;
            case SEGMENT -> "must be the name of a segment";
            case NUMBER -> "must be a number";
        };
    }

    /** Stands for a value that must be given, so that the rest of a template can be checked without it. */
    private static String sample(InputType type) {
        return switch (type) {
            case PERCENT -> "10%";
            case DURATION -> "1h";
            case SEGMENT -> "segment";
            case NUMBER -> "1";
        };
    }
}
