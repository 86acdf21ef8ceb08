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
 * @param elements parts of a context or actions block; null otherwise
 */
public record Block(
        String type, @Nullable Text text, @Nullable List<Object> elements) {
    private static final int HEADER = 150;
    private static final int SECTION = 3000;
    private static final int CONTEXT = 2000;
    private static final int BUTTON = 75;
    private static final int URL = 3000;
    private static final int VALUE = 2000;
    private static final int CONFIRM_TITLE = 100;
    private static final int CONFIRM_TEXT = 300;
    private static final int CONFIRM_BUTTON = 30;

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
     * A question before a button does something.
     *
     * @param title what is about to be done
     * @param text what that does
     * @param confirm label of yes
     * @param deny label of no
     */
    public record Confirm(Text title, Text text, Text confirm, Text deny) {}

    /**
     * A button: a link, or something to do.
     *
     * @param type {@code button}
     * @param text what it says
     * @param url where it leads; null when it does something
     * @param actionId what it is called when it is pressed
     * @param value what is sent when it is pressed; null for a link
     * @param style {@code danger}; null for the usual one
     * @param confirm asked before; null for nothing
     */
    public record Button(
            String type,
            Text text,
            @Nullable URI url,
            @JsonProperty("action_id") String actionId,
            @Nullable String value,
            @Nullable String style,
            @Nullable Confirm confirm) {}

    static Block header(String text) {
        return new Block("header", Text.plain(text, HEADER), null);
    }

    static Block section(String markdown) {
        return new Block("section", Text.markdown(markdown, SECTION), null);
    }

    static Block context(String markdown) {
        return new Block("context", null, List.of(Text.markdown(markdown, CONTEXT)));
    }

    static Block actions(List<Button> buttons) {
        return new Block("actions", null, List.copyOf(buttons));
    }

    /** Returns whether an address is short enough for a button. */
    static boolean fits(URI url) {
        return url.toString().length() <= URL;
    }

    /** Returns whether what a button sends is short enough. */
    static boolean fits(String value) {
        return value.length() <= VALUE;
    }

    static Button link(String text, URI url, String actionId) {
        return new Button("button", Text.plain(text, BUTTON), url, actionId, null, null, null);
    }

    static Button verb(Verb verb, String value) {
        Confirm confirm = new Confirm(
                Text.plain(verb.question(), CONFIRM_TITLE),
                Text.plain(verb.consequence(), CONFIRM_TEXT),
                Text.plain(verb.label(), CONFIRM_BUTTON),
                Text.plain("Not now", CONFIRM_BUTTON));
        String style = verb == Verb.ROLL_BACK ? "danger" : null;
        return new Button("button", Text.plain(verb.label(), BUTTON), null, verb.name(), value, style, confirm);
    }
}
