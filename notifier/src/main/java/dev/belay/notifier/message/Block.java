// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.message;

import java.net.URI;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * A block of Slack's Block Kit, within its limits: what is too long is cut, for a cut message arrives and a refused one
 * does not.
 *
 * @param type {@code header}, {@code section}, {@code context} or {@code actions}
 * @param text text of a header or section; null otherwise
 * @param fields columns of a section; null otherwise
 * @param elements parts of a context or actions block; null otherwise
 */
public record Block(
        String type,
        @Nullable Text text,
        @Nullable List<Text> fields,
        @Nullable List<Object> elements) {
    private static final int HEADER = 150;
    private static final int SECTION = 3000;
    private static final int FIELD = 2000;
    private static final int FIELDS = 10;
    private static final int BUTTON = 75;

    /**
     * A text of Block Kit.
     *
     * @param type {@code plain_text} or {@code mrkdwn}
     * @param text the text, escaped when it is mrkdwn
     */
    public record Text(String type, String text) {
        static Text plain(String text, int limit) {
            return new Text("plain_text", Mrkdwn.cut(text, limit));
        }

        static Text markdown(String text, int limit) {
            return new Text("mrkdwn", Mrkdwn.cut(text, limit));
        }
    }

    /**
     * A link that looks like a button.
     *
     * @param type {@code button}
     * @param text what it says
     * @param url where it leads
     * @param actionId what it is called when it is pressed
     */
    public record Button(
            String type,
            Text text,
            URI url,
            @JsonProperty("action_id") String actionId) {}

    static Block header(String text) {
        return new Block("header", Text.plain(text, HEADER), null, null);
    }

    static Block section(String markdown) {
        return new Block("section", Text.markdown(markdown, SECTION), null, null);
    }

    static Block fields(List<String> markdown) {
        return new Block(
                "section",
                null,
                markdown.stream()
                        .limit(FIELDS)
                        .map(field -> Text.markdown(field, FIELD))
                        .toList(),
                null);
    }

    static Block context(String markdown) {
        return new Block("context", null, null, List.of(Text.markdown(markdown, SECTION)));
    }

    static Block link(String text, URI url, String actionId) {
        return new Block("actions", null, null, List.of(new Button("button", Text.plain(text, BUTTON), url, actionId)));
    }
}
