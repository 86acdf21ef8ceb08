// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge.events;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.belay.contracts.Json;
import dev.belay.http.ProblemException;

/** Splits a request into events: a JSON array, or one JSON object a line. */
final class EventBody {
    static final int MAX_BYTES = 1_000_000;
    static final int MAX_EVENTS = 10_000;

    private static final int TOO_LARGE = 413;
    private static final ObjectMapper MAPPER = Json.mapper();

    private EventBody() {}

    /**
     * Returns the events. A line that is no JSON comes back as a text, which no event is.
     *
     * @throws ProblemException 413 if there are more than 1 MB or 10,000 events, 400 if an array cannot be read
     */
    static List<JsonNode> split(byte[] body) {
        if (body.length > MAX_BYTES) {
            throw tooLarge(body.length + " bytes, at most " + MAX_BYTES + " are taken");
        }
        String text = new String(body, StandardCharsets.UTF_8).strip();
        List<JsonNode> events = text.startsWith("[") ? array(text) : lines(text);
        if (events.size() > MAX_EVENTS) {
            throw tooLarge(events.size() + " events, at most " + MAX_EVENTS + " are taken");
        }
        return events;
    }

    private static List<JsonNode> array(String text) {
        try {
            List<JsonNode> events = new ArrayList<>();
            MAPPER.readTree(text).forEach(events::add);
            return events;
        } catch (IOException e) {
            throw ProblemException.badRequest("unreadable", "the body is no JSON array", List.of());
        }
    }

    private static List<JsonNode> lines(String text) {
        return text.lines().filter(line -> !line.isBlank()).map(EventBody::line).toList();
    }

    private static JsonNode line(String line) {
        try {
            return MAPPER.readTree(line);
        } catch (IOException e) {
            return TextNode.valueOf(line);
        }
    }

    private static ProblemException tooLarge(String detail) {
        return new ProblemException(TOO_LARGE, "too-large", detail, List.of());
    }
}
