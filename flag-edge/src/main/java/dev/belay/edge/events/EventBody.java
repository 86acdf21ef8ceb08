// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge.events;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.zip.GZIPInputStream;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.belay.contracts.Json;
import dev.belay.edge.Addresses;
import dev.belay.http.ProblemException;
import org.jspecify.annotations.Nullable;

/** Splits a request into events: a JSON array, one JSON object a line, or one object; as it is or as gzip. */
final class EventBody {
    static final int MAX_BYTES = Addresses.MAX_BYTES;
    static final int MAX_EVENTS = 10_000;

    private static final int TOO_LARGE = 413;
    private static final int UNSUPPORTED = 415;
    private static final Set<String> ENCODINGS = Set.of("", "identity", "gzip", "x-gzip");
    private static final byte[] GZIP = {0x1f, (byte) 0x8b};
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    /** Two objects on one line are refused: the second would be lost without a word. */
    private static final ObjectReader READER =
            Json.mapper().readerFor(JsonNode.class).with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private EventBody() {}

    /** Returns whether the body must be unpacked first. */
    static boolean isPacked(byte[] body) {
        return startsWith(body, GZIP);
    }

    /**
     * Returns the events; blank lines are none. A line that is no JSON comes back as a text, which no event is.
     *
     * @param encoding content encoding as the sender names it; null for none. What is gzip is seen by its first bytes.
     * @throws ProblemException 413 if there are more than 1 MB or 10,000 events, 415 for another encoding, 400 if an array
     *     cannot be read
     */
    static List<JsonNode> split(byte[] body, @Nullable String encoding) {
        String named = encoding == null ? "" : encoding.strip().toLowerCase(Locale.ROOT);
        if (!ENCODINGS.contains(named)) {
            throw new ProblemException(
                    UNSUPPORTED,
                    "unsupported-media-type",
                    "Content-Encoding must be gzip or identity, was " + named,
                    List.of());
        }
        byte[] plain = isPacked(body) ? unpacked(body) : body;
        if (plain.length > MAX_BYTES) {
            throw tooManyBytes(plain.length);
        }
        List<JsonNode> events = events(plain);
        if (events.size() > MAX_EVENTS) {
            throw tooLarge(events.size() + " events, at most " + MAX_EVENTS + " are taken");
        }
        return events;
    }

    private static List<JsonNode> events(byte[] plain) {
        int start = startsWith(plain, BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
        while (start < plain.length && isBlank(plain[start])) {
            start++;
        }
        if (start < plain.length && plain[start] == '[') {
            return array(plain, start);
        }
        List<JsonNode> lines = lines(plain, start);
        boolean isOneInSeveralLines = lines.size() > 1 && !lines.get(0).isObject();
        return isOneInSeveralLines ? oneOr(lines, plain, start) : lines;
    }

    private static List<JsonNode> array(byte[] plain, int start) {
        try {
            List<JsonNode> events = new ArrayList<>();
            READER.readTree(plain, start, plain.length - start).forEach(events::add);
            return events;
        } catch (IOException e) {
            throw ProblemException.badRequest("unreadable", "the body is no JSON array", List.of());
        }
    }

    /** An object that is written over several lines is one event. */
    private static List<JsonNode> oneOr(List<JsonNode> lines, byte[] plain, int start) {
        try {
            JsonNode one = READER.readTree(plain, start, plain.length - start);
            return one.isObject() ? List.of(one) : lines;
        } catch (IOException e) {
            return lines;
        }
    }

    private static List<JsonNode> lines(byte[] plain, int start) {
        List<JsonNode> events = new ArrayList<>();
        int begin = start;
        for (int i = start; i <= plain.length; i++) {
            if (i == plain.length || plain[i] == '\n') {
                addLine(events, plain, begin, i);
                begin = i + 1;
            }
        }
        return events;
    }

    private static void addLine(List<JsonNode> events, byte[] plain, int begin, int end) {
        int first = begin;
        while (first < end && isBlank(plain[first])) {
            first++;
        }
        if (first == end) {
            return;
        }
        try {
            events.add(READER.readTree(plain, first, end - first));
        } catch (IOException e) {
            events.add(TextNode.valueOf(new String(plain, first, end - first, StandardCharsets.UTF_8)));
        }
    }

    /** @throws ProblemException 413 if it holds more than is taken, 400 if it is broken */
    private static byte[] unpacked(byte[] body) {
        try (GZIPInputStream stream = new GZIPInputStream(new ByteArrayInputStream(body))) {
            byte[] plain = stream.readNBytes(MAX_BYTES + 1);
            if (plain.length > MAX_BYTES) {
                throw tooLarge("more than " + MAX_BYTES + " bytes when unpacked");
            }
            return plain;
        } catch (IOException e) {
            throw ProblemException.badRequest("unreadable", "the body is broken gzip", List.of());
        }
    }

    private static boolean startsWith(byte[] body, byte[] beginning) {
        if (body.length < beginning.length) {
            return false;
        }
        for (int i = 0; i < beginning.length; i++) {
            if (body[i] != beginning[i]) {
                return false;
            }
        }
        return true;
    }

    private static boolean isBlank(byte character) {
        return character == ' ' || character == '\t' || character == '\r' || character == '\n';
    }

    private static ProblemException tooManyBytes(long bytes) {
        return tooLarge(bytes + " bytes, at most " + MAX_BYTES + " are taken");
    }

    private static ProblemException tooLarge(String detail) {
        return new ProblemException(TOO_LARGE, "too-large", detail, List.of());
    }
}
