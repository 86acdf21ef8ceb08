// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge.posthog;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.zip.GZIPInputStream;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.belay.contracts.Json;
import dev.belay.edge.Addresses;
import dev.belay.edge.signals.SignalTime;
import dev.belay.http.ProblemException;
import org.jspecify.annotations.Nullable;

/**
 * A request of a PostHog client, in any of its forms: an object with a batch, an array, or one event; as JSON of whatever
 * content type, as gzip with or without a header, or as the form field {@code data} with base64 or JSON in it.
 *
 * @param token the project's key; null when there is none
 * @param sentAt when the client says it sent this, by its own clock; null when it does not say
 * @param events as sent, at most 10,000
 */
record PosthogBody(@Nullable String token, @Nullable Instant sentAt, List<JsonNode> events) {
    static final int MAX_BYTES = Addresses.MAX_POSTHOG_BYTES;
    private static final int MAX_EVENTS = 10_000;

    private static final int TOO_LARGE = 413;
    private static final int GZIP_FIRST = 0x1f;
    private static final int GZIP_SECOND = 0x8b;
    private static final String FIELD = "data=";
    private static final List<String> TOKEN_FIELDS = List.of("api_key", "token", "$token");
    private static final ObjectMapper MAPPER = Json.mapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /**
     * @param body as it came
     * @throws ProblemException 413 if there are more than 6 MB, packed or not, or 10,000 events; 400 if it cannot be read
     */
    static PosthogBody read(byte[] body) {
        byte[] plain = unpacked(body);
        String text = text(plain);
        return text.startsWith(FIELD) ? ofField(field(text)) : of(text);
    }

    /**
     * @param data the value of a field or parameter {@code data}: base64 of JSON or of gzip, or JSON
     * @throws ProblemException as {@link #read}
     */
    static PosthogBody ofField(String data) {
        String value = data.strip();
        if (isJson(value)) {
            return of(value);
        }
        // A plus sign that was not escaped arrives as a blank.
        String base64 = value.replace(' ', '+').replace('-', '+').replace('_', '/');
        try {
            return of(text(unpacked(Base64.getMimeDecoder().decode(base64))));
        } catch (IllegalArgumentException e) {
            throw unreadable("the field data is neither JSON nor base64");
        }
    }

    private static PosthogBody of(String text) {
        JsonNode root = parse(text);
        List<JsonNode> events = events(root);
        if (events.size() > MAX_EVENTS) {
            throw tooLarge(events.size() + " events, at most " + MAX_EVENTS + " are taken");
        }
        String token = root.isObject() ? tokenOf(root) : null;
        for (int i = 0; token == null && i < events.size(); i++) {
            token = tokenOf(events.get(i));
        }
        return new PosthogBody(token, SignalTime.parse(sentAt(root)), events);
    }

    /** Returns the key that an event or a request names; null when it names none. */
    static @Nullable String tokenOf(JsonNode event) {
        for (String field : TOKEN_FIELDS) {
            if (event.path(field).isTextual()) {
                return event.path(field).textValue().strip();
            }
        }
        JsonNode inside = event.path("properties").path("token");
        return inside.isTextual() ? inside.textValue().strip() : null;
    }

    private static List<JsonNode> events(JsonNode root) {
        JsonNode batch = root.path("batch");
        if (root.isObject() && batch.isMissingNode()) {
            return List.of(root);
        }
        JsonNode list = root.isArray() ? root : batch;
        if (!list.isArray()) {
            throw unreadable("the body must be an event, an array of events, or an object with a batch");
        }
        List<JsonNode> events = new ArrayList<>(list.size());
        list.forEach(events::add);
        return events;
    }

    private static @Nullable String sentAt(JsonNode root) {
        JsonNode stated = root.path("sent_at").isMissingNode() ? root.path("sentAt") : root.path("sent_at");
        return stated.isTextual() ? stated.textValue() : null;
    }

    private static JsonNode parse(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (IOException e) {
            throw unreadable("the body is no JSON");
        }
    }

    private static String field(String form) {
        int end = form.indexOf('&');
        String value = form.substring(FIELD.length(), end < 0 ? form.length() : end);
        try {
            return URLDecoder.decode(value, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw unreadable("the form field data is not URL-encoded");
        }
    }

    private static byte[] unpacked(byte[] body) {
        boolean packed = body.length > 1 && (body[0] & 0xff) == GZIP_FIRST && (body[1] & 0xff) == GZIP_SECOND;
        byte[] plain = packed ? gunzip(body) : body;
        if (plain.length > MAX_BYTES) {
            throw tooLarge("more than " + MAX_BYTES + " bytes");
        }
        return plain;
    }

    private static byte[] gunzip(byte[] body) {
        try (GZIPInputStream stream = new GZIPInputStream(new ByteArrayInputStream(body))) {
            return stream.readNBytes(MAX_BYTES + 1);
        } catch (IOException e) {
            throw unreadable("the body is broken gzip");
        }
    }

    private static String text(byte[] plain) {
        String text = new String(plain, StandardCharsets.UTF_8);
        return (text.startsWith("\uFEFF") ? text.substring(1) : text).strip();
    }

    private static boolean isJson(String text) {
        return text.startsWith("{") || text.startsWith("[");
    }

    private static ProblemException unreadable(String detail) {
        return ProblemException.badRequest("unreadable", detail, List.of());
    }

    private static ProblemException tooLarge(String detail) {
        return new ProblemException(TOO_LARGE, "too-large", detail, List.of());
    }
}
