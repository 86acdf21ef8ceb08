// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.message;

import java.util.regex.Pattern;

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

    /** Returns a mention: of the user or group with that id of Slack's, else the name with an at sign. */
    static String mention(String owner) {
        if (USER.matcher(owner).matches()) {
            return "<@" + owner + ">";
        }
        if (GROUP.matcher(owner).matches()) {
            return "<!subteam^" + owner + ">";
        }
        return "@" + escaped(owner.startsWith("@") ? owner.substring(1) : owner);
    }

    static String cut(String text, int limit) {
        return text.length() <= limit ? text : text.substring(0, limit - MORE.length()) + MORE;
    }
}
