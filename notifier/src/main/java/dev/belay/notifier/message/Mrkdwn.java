// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.message;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Slack's markup. Only {@code & < >} have to be escaped, and in everything that came from somewhere else they are. */
final class Mrkdwn {
    private static final Pattern USER = Pattern.compile("[UW][A-Z0-9]{8,}");
    private static final Pattern GROUP = Pattern.compile("S[A-Z0-9]{8,}");
    private static final String MORE = "…";

    private Mrkdwn() {}

    static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    static String bold(String text) {
        return "*" + escaped(text) + "*";
    }

    /** Returns a line with its styles. */
    static String of(List<Phrase> line) {
        return line.stream().map(Mrkdwn::of).collect(Collectors.joining());
    }

    private static String of(Phrase phrase) {
        return switch (phrase.style()) {
            case PLAIN -> escaped(phrase.text());
            case STRONG -> bold(phrase.text());
            case CODE -> "`" + escaped(phrase.text()).replace('`', '\'') + "`";
            case MENTION -> mention(phrase.text());
        };
    }

    /** Returns a mention: of the user or group with that id of Slack's, else the name with an at sign. */
    static String mention(String owner) {
        if (USER.matcher(owner).matches()) {
            return "<@" + owner + ">";
        }
        if (GROUP.matcher(owner).matches()) {
            return "<!subteam^" + owner + ">";
        }
        return escaped(Phrase.at(owner));
    }

    /** Cuts what is too long, never through a character or an escape: a cut message arrives and a refused one does not. */
    static String cut(String text, int limit) {
        if (text.length() <= limit) {
            return text;
        }
        int end = limit - MORE.length();
        if (Character.isHighSurrogate(text.charAt(end - 1))) {
            end--;
        }
        int escape = text.lastIndexOf('&', end - 1);
        boolean isOpen = escape >= 0 && end - escape <= "&amp;".length() && text.indexOf(';', escape) >= end;
        return text.substring(0, isOpen ? escape : end) + MORE;
    }
}
