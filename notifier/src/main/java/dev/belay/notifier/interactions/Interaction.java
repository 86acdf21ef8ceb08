// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.interactions;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.contracts.Json;
import dev.belay.contracts.Require;
import dev.belay.notifier.message.SlackMessage;
import org.jspecify.annotations.Nullable;

/**
 * What Slack says of buttons that were pressed.
 *
 * @param user id of who pressed
 * @param userName name of who pressed
 * @param message id of the message they are in
 * @param answerTo where the outcome may be said; null when Slack names no place
 * @param presses what the buttons stand for; empty for links and what is not ours
 */
record Interaction(
        String user,
        String userName,
        String message,
        @Nullable URI answerTo,
        List<SlackMessage.Press> presses) {
    private static final String FIELD = "payload=";

    /**
     * Reads the body of a request.
     *
     * @throws IllegalArgumentException if it is no form with a JSON payload
     */
    static Interaction of(byte[] body) {
        String form = new String(body, StandardCharsets.UTF_8);
        Require.that(form.startsWith(FIELD), "body", "must be a form with a payload", "another text");
        String last = form.substring(FIELD.length());
        int end = last.indexOf('&');
        JsonNode payload = Json.read(
                URLDecoder.decode(end < 0 ? last : last.substring(0, end), StandardCharsets.UTF_8), JsonNode.class);
        JsonNode container = payload.path("container");
        String answerTo = payload.path("response_url").asText("");
        return new Interaction(
                payload.path("user").path("id").asText(""),
                payload.path("user").path("username").asText("somebody"),
                container.path("message_ts").asText(""),
                answerTo.isEmpty() ? null : URI.create(answerTo),
                presses(payload));
    }

    private static List<SlackMessage.Press> presses(JsonNode payload) {
        List<SlackMessage.Press> presses = new ArrayList<>();
        if (payload.path("type").asText().equals("block_actions")) {
            payload.path("actions").forEach(action -> {
                if (action.path("value").isTextual()) {
                    presses.add(Json.read(action.path("value").textValue(), SlackMessage.Press.class));
                }
            });
        }
        return presses;
    }
}
