// SPDX-License-Identifier: Apache-2.0
package dev.belay.contracts;

import java.io.IOException;
import java.util.stream.Collectors;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;

/**
 * The one JSON mapping of the wire: ISO-8601 instants and durations, absent instead of null, unknown fields ignored,
 * a stable field order (that of the record), unknown enum constants refused.
 */
public final class Json {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .addModule(new InstantModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
            .build();

    private Json() {}

    /** Returns a mapper with the wire's settings; a copy, so that a caller cannot change the others'. */
    public static ObjectMapper mapper() {
        return MAPPER.copy();
    }

    /** @throws IllegalStateException if {@code value} is not one of our records */
    public static String write(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot be written as JSON: " + value.getClass(), e);
        }
    }

    /** @throws IllegalArgumentException if {@code json} is not a valid {@code type}; the message names field and rule */
    public static <T> T read(String json, Class<T> type) {
        try {
            return Require.nonNull(MAPPER.readValue(json, type), "record");
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(type.getSimpleName() + ": " + reason(e), e);
        }
    }

    /**
     * Reads UTF-8 bytes.
     *
     * @throws IllegalArgumentException if they are not a valid {@code type}; the message names field and rule
     */
    public static <T> T read(byte[] json, Class<T> type) {
        try {
            return Require.nonNull(MAPPER.readValue(json, type), "record");
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(type.getSimpleName() + ": " + reason(e), e);
        } catch (IOException e) {
            throw new IllegalArgumentException(type.getSimpleName() + ": " + e.getMessage(), e);
        }
    }

    /** Jackson's own words name the type and not the field, and for a missing number a setting of Jackson's. */
    private static String reason(JsonProcessingException problem) {
        String field = problem instanceof JsonMappingException mapping ? path(mapping) : "";
        String words = problem.getOriginalMessage();
        if (field.isEmpty()) {
            return words;
        }
        return words.contains(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES.name())
                ? field + " is required, was null"
                : field + ": " + words;
    }

    /** Returns for instance {@code stages.0.atLeast}; empty for the record as a whole. */
    private static String path(JsonMappingException problem) {
        return problem.getPath().stream()
                .map(each -> each.getFieldName() == null ? Integer.toString(each.getIndex()) : each.getFieldName())
                .collect(Collectors.joining("."));
    }

    /** Returns the UTF-8 bytes of {@link #write}. */
    public static byte[] bytes(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot be written as JSON: " + value.getClass(), e);
        }
    }

    /** Returns the tree of one of our records. */
    public static JsonNode tree(Object value) {
        return MAPPER.valueToTree(value);
    }
}
