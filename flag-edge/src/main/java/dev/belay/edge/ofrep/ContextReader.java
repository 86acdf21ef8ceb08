// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge.ofrep;

import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.belay.contracts.Json;
import dev.belay.evaluation.ErrorCode;
import dev.belay.evaluation.EvaluationContext;
import org.jspecify.annotations.Nullable;

/** Reads the context of an OFREP request. */
final class ContextReader {
    private static final int MAX_BYTES = 256 * 1024;
    private static final ObjectMapper MAPPER = Json.mapper();

    private ContextReader() {}

    /** The request has no usable context. */
    static final class Unusable extends Exception {
        private static final long serialVersionUID = 1L;

        private final ErrorCode code;

        Unusable(ErrorCode code, String message) {
            super(message, null, false, false);
            this.code = code;
        }

        ErrorCode code() {
            return code;
        }
    }

    /**
     * @param body null for none
     * @throws Unusable if the body is no JSON or has more than 256 KiB, or its context is no object
     */
    static EvaluationContext read(byte @Nullable [] body, Instant now) throws Unusable {
        if (body != null && body.length > MAX_BYTES) {
            throw new Unusable(
                    ErrorCode.INVALID_CONTEXT,
                    "the body must have at most " + MAX_BYTES + " bytes, was " + body.length);
        }
        JsonNode context = parse(body == null ? new byte[0] : body).path("context");
        if (!context.isObject()) {
            throw new Unusable(ErrorCode.INVALID_CONTEXT, "context must be an object");
        }
        JsonNode key = context.path(EvaluationContext.TARGETING_KEY);
        if (!key.isMissingNode() && !key.isNull() && !key.isTextual()) {
            throw new Unusable(ErrorCode.INVALID_CONTEXT, "context.targetingKey must be a string");
        }
        Map<String, JsonNode> attributes = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> each : context.properties()) {
            if (!each.getKey().equals(EvaluationContext.TARGETING_KEY)) {
                attributes.put(each.getKey(), each.getValue());
            }
        }
        return new EvaluationContext(key.isTextual() ? key.textValue() : null, attributes, now);
    }

    private static JsonNode parse(byte[] body) throws Unusable {
        try {
            JsonNode read = MAPPER.readTree(body);
            if (read != null && read.isObject()) {
                return read;
            }
        } catch (IOException e) {
            throw new Unusable(ErrorCode.PARSE_ERROR, "the body is no JSON");
        }
        throw new Unusable(ErrorCode.PARSE_ERROR, "the body must be a JSON object");
    }
}
