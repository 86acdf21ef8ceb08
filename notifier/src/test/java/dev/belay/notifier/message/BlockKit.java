// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.message;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.contracts.Json;

import static org.assertj.core.api.Assertions.assertThat;

/** Slack's limits, and a message's texts in the order people read them. */
public final class BlockKit {
    private static final int ALL_TEXT = 13_200;

    private BlockKit() {}

    static List<String> lines(Notice notice) {
        SlackMessage message = SlackMessage.of(notice);
        requireValid(message);
        List<String> lines = new ArrayList<>();
        collect(Json.tree(message).get("blocks"), lines);
        return lines;
    }

    static void requireValid(SlackMessage message) {
        requireValid(Json.tree(message));
    }

    /** Requires that Slack takes what is posted. */
    public static void requireValid(JsonNode tree) {
        assertThat(tree.get("text").asText()).isNotBlank().hasSizeLessThanOrEqualTo(4000);
        assertThat(tree.get("blocks").size()).isBetween(1, 50);
        tree.get("blocks").forEach(BlockKit::requireValidBlock);
        List<String> texts = new ArrayList<>();
        collect(tree.get("blocks"), texts);
        assertThat(String.join("", texts)).hasSizeLessThanOrEqualTo(ALL_TEXT);
        Set<String> ids = new HashSet<>();
        tree.get("blocks").findValues("action_id").forEach(id -> assertThat(ids.add(id.asText()))
                .as("unique action_id")
                .isTrue());
    }

    private static void requireValidBlock(JsonNode block) {
        switch (block.get("type").asText()) {
            case "header" -> requireText(block.get("text"), "plain_text", 150);
            case "section" -> requireText(block.get("text"), "mrkdwn", 3000);
            case "context" -> {
                assertThat(block.get("elements").size()).isBetween(1, 10);
                block.get("elements").forEach(element -> requireText(element, "mrkdwn", 2000));
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
        assertThat(button.has("url")).isNotEqualTo(button.has("value"));
        if (button.has("url")) {
            assertThat(button.get("url").asText()).hasSizeBetween(1, 3000);
        } else {
            assertThat(button.get("value").asText()).hasSizeBetween(1, 2000);
        }
        requireText(button.get("text"), "plain_text", 75);
        if (button.has("confirm")) {
            JsonNode confirm = button.get("confirm");
            requireText(confirm.get("title"), "plain_text", 100);
            requireText(confirm.get("text"), "plain_text", 300);
            requireText(confirm.get("confirm"), "plain_text", 30);
            requireText(confirm.get("deny"), "plain_text", 30);
        }
    }

    private static void requireText(JsonNode text, String type, int limit) {
        assertThat(text.get("type").asText()).isEqualTo(type);
        assertThat(text.get("text").asText()).hasSizeBetween(1, limit);
        if (type.equals("mrkdwn")) {
            assertThat(text.get("text").asText()).doesNotContainPattern("&(?!amp;|lt;|gt;)");
        }
    }

    private static void collect(JsonNode node, List<String> lines) {
        if (node.path("text").isTextual()) {
            lines.add(node.get("text").asText());
        } else {
            node.forEach(child -> collect(child, lines));
        }
    }
}
