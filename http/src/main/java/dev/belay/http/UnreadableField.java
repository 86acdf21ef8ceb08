// SPDX-License-Identifier: Apache-2.0
package dev.belay.http;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import dev.belay.contracts.Json;

/** Finds the field that kept a body from being read. */
final class UnreadableField {
    private static final Map<Class<?>, String> FORMS = Map.of(
            Instant.class, "must be a time such as 2026-01-05T09:00:00Z",
            Duration.class, "must be a duration such as PT30S",
            String.class, "must be text",
            Boolean.class, "must be true or false",
            boolean.class, "must be true or false");

    private UnreadableField() {}

    /** Returns field, rule and value; empty when the body is no JSON at all. */
    static Optional<FieldError> of(JsonProcessingException refusal) {
        if (!(refusal instanceof MismatchedInputException mismatch)
                || mismatch.getPath().isEmpty()) {
            return Optional.empty();
        }
        Object value = mismatch instanceof InvalidFormatException wrong ? wrong.getValue() : null;
        return Optional.of(new FieldError(path(mismatch), rule(mismatch.getTargetType()), value));
    }

    private static String path(JsonMappingException refusal) {
        StringBuilder path = new StringBuilder();
        refusal.getPath().forEach(step -> {
            if (step.getFieldName() == null) {
                path.append('[').append(Math.max(0, step.getIndex())).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(step.getFieldName());
            }
        });
        return path.toString();
    }

    private static String rule(Class<?> type) {
        if (type != null && type.isEnum()) {
            return "must be one of "
                    + Arrays.stream(type.getEnumConstants())
                            .map(word -> Json.tree(word).asText())
                            .collect(Collectors.joining(", "));
        }
        String otherwise = type == null ? "must have another form" : "must be a " + words(type);
        return type == null ? otherwise : FORMS.getOrDefault(type, otherwise);
    }

    private static String words(Class<?> type) {
        return type.isArray() || Iterable.class.isAssignableFrom(type)
                ? "list"
                : type.getSimpleName().toLowerCase(Locale.ROOT);
    }
}
