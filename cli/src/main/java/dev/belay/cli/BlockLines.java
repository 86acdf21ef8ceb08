// SPDX-License-Identifier: Apache-2.0
package dev.belay.cli;

import java.io.IOException;
import java.util.OptionalDouble;

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
    private final String mode;
    private int number;

    /**
     * A block.
     *
     * @param stratum name of its stratum
     * @param counts its counts
     * @param dispersion what its events are divided by; empty where units are counted
     */
    record Line(String stratum, Stratum counts, OptionalDouble dispersion) {}

    /**
     * @param source what is read, for messages
     * @param mode how the blocks are judged; a line that says another is refused
     */
    BlockLines(String source, String mode) {
        this.source = source;
        this.mode = mode;
    }

    /** Returns the block of the next line, null for an empty line. */
    @Nullable
    Line next(String line) throws IOException {
        number++;
        if (line.isBlank()) {
            return null;
        }
        JsonNode block = object(line);
        JsonNode itsMode = block.path("mode");
        if (!itsMode.isMissingNode() && !itsMode.isNull() && !itsMode.asText().equals(mode)) {
            throw refused("mode must be that of --mode, " + mode + ", was " + shown(itsMode));
        }
        return new Line(
                stratum(block),
                new Stratum(count(block, "nC"), count(block, "nT"), count(block, "sC"), count(block, "sT")),
                dispersion(block));
    }

    private OptionalDouble dispersion(JsonNode block) throws IOException {
        JsonNode given = block.path("dispersion");
        if (given.isMissingNode() || given.isNull()) {
            return OptionalDouble.empty();
        }
        double factor = given.doubleValue();
        if (!given.isNumber() || !(factor >= 1 && factor < Double.POSITIVE_INFINITY)) {
            throw refused("dispersion must be a number of at least 1, was " + shown(given));
        }
        return OptionalDouble.of(factor);
    }

    /** Takes the block in; the guardrail has rules of its own for the counts together. */
    LoneGuardrail.Look judged(LoneGuardrail guardrail, Line block) throws IOException {
        try {
            return guardrail.take(block.stratum(), block.counts(), block.dispersion());
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
