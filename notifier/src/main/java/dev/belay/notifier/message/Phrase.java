// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.message;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A stretch of text in one style.
 *
 * @param style how it is shown where styles are shown
 * @param text as it is, never escaped
 */
public record Phrase(Style style, String text) {
    /** How a stretch of text is shown. */
    public enum Style {
        PLAIN,
        STRONG,
        CODE,
        /** The name of who is mentioned, so that it reaches them where it can. */
        MENTION
    }

    /** Returns the text of a line without styles. */
    static String text(List<Phrase> line) {
        return line.stream()
                .map(phrase -> phrase.style() == Style.MENTION ? at(phrase.text()) : phrase.text())
                .collect(Collectors.joining());
    }

    /** Returns a name with one at sign before it. */
    static String at(String name) {
        return name.startsWith("@") ? name : "@" + name;
    }
}
