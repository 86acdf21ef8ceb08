// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.message;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/** A line being written, stretch by stretch. */
final class Line {
    private static final String SEPARATOR = " · ";

    private final List<Phrase> phrases = new ArrayList<>();

    static Line of(String text) {
        return new Line().plain(text);
    }

    Line plain(String text) {
        return add(Phrase.Style.PLAIN, text);
    }

    Line strong(String text) {
        return add(Phrase.Style.STRONG, text);
    }

    Line code(String text) {
        return add(Phrase.Style.CODE, text);
    }

    /** Adds a part behind a dot in the middle of the line, unless there is none. */
    Line part(@Nullable String text) {
        return text == null || text.isEmpty() ? this : separated().plain(text);
    }

    Line mention(@Nullable String owner) {
        return owner == null ? this : separated().add(Phrase.Style.MENTION, owner);
    }

    Line line(Line other) {
        phrases.addAll(other.phrases);
        return this;
    }

    boolean isEmpty() {
        return phrases.isEmpty();
    }

    List<Phrase> phrases() {
        return List.copyOf(phrases);
    }

    private Line separated() {
        return isEmpty() ? this : plain(SEPARATOR);
    }

    private Line add(Phrase.Style style, String text) {
        if (!text.isEmpty()) {
            phrases.add(new Phrase(style, text));
        }
        return this;
    }
}
