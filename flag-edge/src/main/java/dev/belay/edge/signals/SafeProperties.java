// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge.signals;

import java.util.LinkedHashMap;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.TextNode;

/**
 * What is kept of a foreign event's properties: at most 50, none of them nested, texts of at most 200 characters. The rest
 * is left out and never a reason to refuse the event. Not thread-safe.
 */
public final class SafeProperties {
    private static final int MAX = 50;
    private static final int MAX_TEXT = 200;

    private final Map<String, JsonNode> kept = new LinkedHashMap<>();

    /** Keeps a number, a boolean or a text. */
    public SafeProperties with(String name, JsonNode value) {
        boolean fits = value.isNumber()
                || value.isBoolean()
                || (value.isTextual()
                        && !value.textValue().isBlank()
                        && value.textValue().length() <= MAX_TEXT);
        if (fits && name.length() <= MAX_TEXT && kept.size() < MAX) {
            kept.put(name, value);
        }
        return this;
    }

    public SafeProperties with(String name, String value) {
        return with(name, TextNode.valueOf(value));
    }

    public SafeProperties with(String name, boolean value) {
        return with(name, BooleanNode.valueOf(value));
    }

    public Map<String, JsonNode> kept() {
        return kept;
    }
}
