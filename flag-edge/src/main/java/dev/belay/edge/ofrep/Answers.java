// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge.ofrep;

import java.util.List;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.belay.contracts.Json;
import dev.belay.contracts.flags.FlagDefinition;
import dev.belay.edge.Place;
import dev.belay.evaluation.Assignment;
import dev.belay.evaluation.ErrorCode;
import dev.belay.evaluation.Evaluation;
import dev.belay.evaluation.EvaluationReason;
import dev.belay.evaluation.ServedFlag;
import org.jspecify.annotations.Nullable;

/**
 * Bodies of OFREP 0.3 answers. Every body, an error's too, has {@code metadata}: clients in use cannot do without. Field
 * order is fixed and nothing depends on the time of the request, so that equal answers have equal tags.
 */
final class Answers {
    private static final ObjectMapper MAPPER = Json.mapper();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private Answers() {}

    /** Returns the body for one flag, a success or a failure. */
    static ObjectNode of(Place place, String key, @Nullable ServedFlag flag, Evaluation evaluation) {
        ErrorCode error = evaluation.errorCode();
        if (error != null) {
            return failure(key, error, String.valueOf(evaluation.errorDetails()));
        }
        ObjectNode body = NODES.objectNode().put("key", key);
        body.set("value", evaluation.value());
        return body.put("reason", reason(evaluation.reason()))
                .put("variant", evaluation.variant())
                .set("metadata", metadata(place, flag, evaluation));
    }

    /** @param key the flag; null when the request as a whole failed */
    static ObjectNode failure(@Nullable String key, ErrorCode code, String details) {
        ObjectNode body = NODES.objectNode();
        if (key != null) {
            body.put("key", key);
        }
        return body.put("errorCode", code.name()).put("errorDetails", details).set("metadata", NODES.objectNode());
    }

    static ObjectNode bulk(Place place, List<ObjectNode> answers) {
        ArrayNode flags = NODES.arrayNode(answers.size());
        flags.addAll(answers);
        ObjectNode body = NODES.objectNode();
        body.set("flags", flags);
        return body.set("metadata", NODES.objectNode().put("flagSetId", flagSet(place)));
    }

    /** Adds where changes are told. Not part of the answer's tag: its token is another one each day. */
    static ObjectNode withStream(ObjectNode bulk, String uri) {
        ObjectNode stream = NODES.objectNode().put("type", "sse");
        stream.set("endpoint", NODES.objectNode().put("requestUri", uri));
        return bulk.set("eventStreams", NODES.arrayNode().add(stream));
    }

    static byte[] bytes(ObjectNode body) {
        try {
            return MAPPER.writeValueAsBytes(body);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree can always be written", e);
        }
    }

    /** OFREP knows no DEFAULT: a default rule is said to be static. */
    private static String reason(EvaluationReason reason) {
        return reason == EvaluationReason.DEFAULT ? EvaluationReason.STATIC.name() : reason.name();
    }

    private static ObjectNode metadata(Place place, @Nullable ServedFlag flag, Evaluation evaluation) {
        ObjectNode metadata = NODES.objectNode().put("flagSetId", flagSet(place));
        FlagDefinition definition = flag == null ? null : flag.definition();
        if (definition != null) {
            metadata.put("version", Long.toString(definition.version()));
        }
        Assignment how = evaluation.assignment();
        if (how != null) {
            metadata.put("epoch", how.epoch())
                    .put("allocation", how.allocation())
                    .put("clause", how.clause());
        }
        return metadata;
    }

    private static String flagSet(Place place) {
        return place.project() + "/" + place.environment();
    }
}
