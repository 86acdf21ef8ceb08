// SPDX-License-Identifier: Apache-2.0
package dev.belay.manifest;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.contracts.Require;
import org.jspecify.annotations.Nullable;

/**
 * A place in a document and what stands there. Whoever reads it gets a value in any case, so that reading goes on and
 * everything wrong is found at once; what was refused never becomes a document.
 */
final class Place {
    private final String path;
    private final @Nullable JsonNode node;
    private final Refusals refusals;

    Place(String path, @Nullable JsonNode node, Refusals refusals) {
        this.path = path;
        this.node = node == null || node.isNull() ? null : node;
        this.refusals = refusals;
    }

    boolean isGiven() {
        return node != null;
    }

    boolean isText() {
        return node != null && node.isTextual();
    }

    boolean isList() {
        return node != null && node.isArray();
    }

    boolean isObject() {
        return node != null && node.isObject();
    }

    @Nullable
    JsonNode node() {
        return node;
    }

    String path() {
        return path;
    }

    void refuse(String rule) {
        refusals.add(path, rule, Refusals.shown(node));
    }

    void refuse(String rule, @Nullable Object value) {
        refusals.add(path, rule, value);
    }

    /** Reads an object; what is missing or none is refused once, and so is not refused field by field. */
    Fields object() {
        if (isObject()) {
            return new Fields(this, refusals);
        }
        refuse(isGiven() ? "must be an object" : "is required");
        return new Fields(new Place(path, null, new Refusals(0)), refusals);
    }

    /** Reads the entries of a map whose keys people choose, in their order; empty when absent. */
    Map<String, Place> entries() {
        Map<String, Place> entries = new LinkedHashMap<>();
        JsonNode given = node;
        if (given != null && given.isObject()) {
            given.properties().forEach(entry -> entries.put(entry.getKey(), child(entry.getKey(), entry.getValue())));
        } else if (given != null) {
            refuse("must be an object");
        }
        return entries;
    }

    /** Reads the items of a list; empty when absent. */
    <T> List<T> list(Function<Place, @Nullable T> item) {
        return items().stream().map(item).filter(Objects::nonNull).toList();
    }

    List<Place> items() {
        List<Place> items = new ArrayList<>();
        each().forEach(item -> addUnlessNull(items, item));
        if (isGiven() && !isList()) {
            refuse("must be a list");
        }
        return items;
    }

    /** Returns the places of a list's items without judging them; none where there is no list. */
    List<Place> each() {
        List<Place> places = new ArrayList<>();
        JsonNode given = node;
        for (int i = 0; given != null && given.isArray() && i < given.size(); i++) {
            places.add(new Place(path + "[" + i + "]", given.get(i), refusals));
        }
        return places;
    }

    private static void addUnlessNull(List<Place> items, Place item) {
        if (item.isGiven()) {
            items.add(item);
        } else {
            item.refuse("must not be null");
        }
    }

    String text() {
        return required(optionalText(), "");
    }

    @Nullable
    String optionalText() {
        JsonNode given = node;
        if (given == null) {
            return null;
        }
        if (!given.isTextual()) {
            refuse(given.isValueNode() ? "must be text: put it in quotes" : "must be text");
            return null;
        }
        if (given.textValue().isBlank()) {
            refuse("must not be blank");
            return null;
        }
        return given.textValue();
    }

    /** Reads a name, see {@link Require#name}. */
    String name() {
        return required(optionalName(), "");
    }

    @Nullable
    String optionalName() {
        return parsed(text -> Require.name(text, path));
    }

    boolean flag(boolean otherwise) {
        JsonNode given = node;
        if (given == null) {
            return otherwise;
        }
        if (!given.isBoolean()) {
            refuse("must be true or false");
        }
        return given.booleanValue();
    }

    Duration duration() {
        return required(optionalDuration(), Duration.ZERO);
    }

    @Nullable
    Duration optionalDuration() {
        return written(Durations.RULE, Durations::parse);
    }

    @Nullable
    Double optionalPercent() {
        return written(Percentages.RULE, Percentages::parse);
    }

    @Nullable
    Double optionalFraction() {
        return written(Percentages.RULE, Percentages::parseFraction);
    }

    @Nullable
    Double optionalNumber() {
        JsonNode given = node;
        if (given == null) {
            return null;
        }
        if (!given.isNumber() || !Double.isFinite(given.doubleValue())) {
            refuse("must be a number");
            return null;
        }
        return given.doubleValue();
    }

    @Nullable
    Long optionalPositive() {
        JsonNode given = node;
        if (given == null) {
            return null;
        }
        if (!given.canConvertToExactIntegral() || !given.canConvertToLong() || given.longValue() <= 0) {
            refuse("must be a positive whole number");
            return null;
        }
        return given.longValue();
    }

    <E> @Nullable E oneOf(Map<String, E> choices) {
        if (!isGiven()) {
            refuse("is required");
        }
        return optionalOneOf(choices);
    }

    <E> @Nullable E optionalOneOf(Map<String, E> choices) {
        String word = optionalText();
        if (word == null) {
            return null;
        }
        E chosen = choices.get(word);
        if (chosen == null) {
            String hint = Nearest.to(word, choices.keySet())
                    .map(near -> "; did you mean " + near + "?")
                    .orElse("");
            refuse("must be one of " + String.join(", ", choices.keySet()) + hint);
        }
        return chosen;
    }

    /** Reads a text with a rule of its own; {@code parser} refuses with an IllegalArgumentException that says it. */
    <T> @Nullable T parsed(Function<String, T> parser) {
        String text = optionalText();
        try {
            return text == null ? null : parser.apply(text);
        } catch (IllegalArgumentException e) {
            refusals.add(path, e, Refusals.shown(node));
            return null;
        }
    }

    /** Reads a text of the form that {@code rule} describes. */
    <T> @Nullable T written(String rule, Function<String, T> parser) {
        JsonNode given = node;
        if (given == null) {
            return null;
        }
        try {
            if (given.isTextual()) {
                return parser.apply(given.textValue());
            }
        } catch (IllegalArgumentException | DateTimeException e) {
            // The rule below says more than the exception does.
        }
        refuse(rule);
        return null;
    }

    /** Refuses an absent value and goes on with {@code placeholder}. */
    private <T> T required(@Nullable T read, T placeholder) {
        if (!isGiven()) {
            refuse("is required");
        }
        return read == null ? placeholder : read;
    }

    /** Returns the same place with something else in it. */
    Place with(JsonNode value) {
        return new Place(path, value, refusals);
    }

    Place child(String name, @Nullable JsonNode value) {
        return new Place(path.isEmpty() ? name : path + "." + name, value, refusals);
    }
}
