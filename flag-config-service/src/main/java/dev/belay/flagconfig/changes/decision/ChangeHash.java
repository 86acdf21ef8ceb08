// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.changes.decision;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.TreeMap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** What approvals are bound to: everything that decides what a change does, and to what, and when. Pure. */
public final class ChangeHash {
    private ChangeHash() {}

    /**
     * Returns 64 hexadecimal digits: SHA-256 of the change, whatever the order of its fields.
     *
     * @param flag key of the flag's records
     * @param base version the change was made for; 0 for a new flag
     * @param dueAt when it is to be made; null for as soon as somebody does
     * @param document the flag as it would stand
     */
    public static String of(String flag, long base, @Nullable Instant dueAt, JsonNode document) {
        ObjectNode all = JsonNodeFactory.instance.objectNode();
        all.put("flag", flag).put("base", base).put("dueAt", dueAt == null ? "" : dueAt.toString());
        all.set("document", canonical(document));
        return HexFormat.of().formatHex(sha256().digest(all.toString().getBytes(StandardCharsets.UTF_8)));
    }

    private static JsonNode canonical(JsonNode node) {
        if (node.isObject()) {
            TreeMap<String, JsonNode> fields = new TreeMap<>();
            node.properties().forEach(field -> fields.put(field.getKey(), canonical(field.getValue())));
            ObjectNode sorted = JsonNodeFactory.instance.objectNode();
            fields.forEach(sorted::set);
            return sorted;
        }
        if (node.isArray()) {
            ArrayNode items = JsonNodeFactory.instance.arrayNode();
            node.forEach(item -> items.add(canonical(item)));
            return items;
        }
        return node;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
