// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.message;

import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.contracts.Json;

import static org.assertj.core.api.Assertions.assertThat;

/** Slack's limits, and a message's texts in the order people read them. */
final class BlockKit {
    private BlockKit() {}

    static List<String> lines(SlackMessage message) {
        requireValid(message);
        List<String> lines = new ArrayList<>();
        collect(Json.tree(message).get("blocks"), lines);
        return lines;
    }

    static void requireValid(SlackMessage message) {
        JsonNode tree = Json.tree(message);
        assertThat(tree.get("text").asText()).isNotBlank();
        assertThat(tree.get("blocks").size()).isBetween(1, 50);
        tree.get("blocks").forEach(BlockKit::requireValid);
    }

    private static void requireValid(JsonNode block) {
        switch (block.get("type").asText()) {
            case "header" -> requireText(block.get("text"), "plain_text", 150);
            case "section" -> {
                assertThat(block.has("text") || block.has("fields")).isTrue();
                if (block.has("text")) {
                    requireText(block.get("text"), "mrkdwn", 3000);
                }
                assertThat(block.path("fields").size()).isLessThanOrEqualTo(10);
                block.path("fields").forEach(field -> requireText(field, "mrkdwn", 2000));
            }
            case "context" -> {
                assertThat(block.get("elements").size()).isBetween(1, 10);
                block.get("elements").forEach(element -> requireText(element, "mrkdwn", 3000));
            }
            case "actions" -> {
                assertThat(block.get("elements").size()).isBetween(1, 25);
                block.get("elements").forEach(BlockKit::requireButton);
            }
            default -> throw new AssertionError("no such block: " + block);
        }
    }

    private static void requireButton(JsonNode button) {
        assertThat(button.get("type").asText()).isEqualTo("button");
        assertThat(button.get("action_id").asText()).hasSizeBetween(1, 255);
        assertThat(button.get("url").asText()).hasSizeBetween(1, 3000);
        requireText(button.get("text"), "plain_text", 75);
    }

    private static void requireText(JsonNode text, String type, int limit) {
        assertThat(text.get("type").asText()).isEqualTo(type);
        assertThat(text.get("text").asText()).hasSizeBetween(1, limit);
    }

    private static void collect(JsonNode node, List<String> lines) {
        if (node.path("text").isTextual()) {
            lines.add(node.get("text").asText());
        } else {
            node.forEach(child -> collect(child, lines));
        }
    }
}
