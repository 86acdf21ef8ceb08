// SPDX-License-Identifier: Apache-2.0
package dev.belay.cli;

import java.io.IOException;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.belay.statistics.LoneGuardrail;
import dev.belay.statistics.Stratum;
import org.jspecify.annotations.Nullable;

/** Reads blocks of counts, one JSON object a line, and says which line, field and value is wrong. */
final class BlockLines {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            // Refused all the same, with the name of their field.
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private final String source;
    private int number;

    /**
     * A block.
     *
     * @param stratum name of its stratum
     * @param counts its counts
     */
    record Line(String stratum, Stratum counts) {}

    /** @param source what is read, for messages */
    BlockLines(String source) {
        this.source = source;
    }

    /** Returns the block of the next line, null for an empty line. */
    @Nullable
    Line next(String line) throws IOException {
        number++;
        if (line.isBlank()) {
            return null;
        }
        JsonNode block = object(line);
        return new Line(
                stratum(block),
                new Stratum(count(block, "nC"), count(block, "nT"), count(block, "sC"), count(block, "sT")));
    }

    /** Takes the block in; the guardrail has rules of its own for the counts together. */
    LoneGuardrail.Look judged(LoneGuardrail guardrail, Line block) throws IOException {
        try {
            return guardrail.take(block.stratum(), block.counts());
        } catch (IllegalArgumentException e) {
            throw refused(inFields(String.valueOf(e.getMessage())));
        }
    }

    private JsonNode object(String line) throws IOException {
        try {
            JsonNode block = MAPPER.readTree(line);
            if (block.isObject()) {
                return block;
            }
        } catch (JsonProcessingException e) {
            throw refused("must be one JSON object: " + e.getOriginalMessage());
        }
        throw refused("must be one JSON object, was " + line.strip());
    }

    private String stratum(JsonNode block) throws IOException {
        JsonNode stratum = block.path("stratum");
        if (!stratum.isIntegralNumber() && !stratum.isTextual()) {
            throw refused("stratum must be a whole number or a name, was " + shown(stratum));
        }
        return stratum.asText();
    }

    private long count(JsonNode block, String field) throws IOException {
        JsonNode count = block.path(field);
        boolean isWhole = count.isNumber()
                && Double.isFinite(count.doubleValue())
                && count.decimalValue().stripTrailingZeros().scale() <= 0
                && count.canConvertToLong();
        if (!isWhole || count.longValue() < 0) {
            throw refused(field + " must be a whole number from 0 to 2^63-1, was " + shown(count));
        }
        return count.longValue();
    }

    private static String shown(JsonNode value) {
        return value.isMissingNode() ? "missing" : value.toString();
    }

    private static String inFields(String sentence) {
        return sentence.replace("controlEvents", "sC")
                .replace("treatmentEvents", "sT")
                .replace("controlUnits", "nC")
                .replace("treatmentUnits", "nT");
    }

    private IOException refused(String sentence) {
        return new IOException(source + " line " + number + ": " + sentence);
    }
}
