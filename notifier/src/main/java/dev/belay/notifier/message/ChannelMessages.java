// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.message;

import java.time.Instant;
import java.util.List;

import dev.belay.notifier.decision.Occasion;
import dev.belay.notifier.decision.Severity;

/** Messages about channels themselves. */
public final class ChannelMessages {
    private ChannelMessages() {}

    /**
     * Returns the message that another channel is down.
     *
     * @param channel its name
     * @param reason what went wrong last
     * @param waiting messages to it that wait or will never arrive
     */
    public static Notice down(String project, String channel, String reason, long waiting, Instant now) {
        Line story = new Line()
                .strong("Messages to channel " + channel + " do not arrive")
                .plain(
                        ": " + reason + ". " + Figures.count(waiting)
                                + (waiting == 1 ? " message waits" : " messages wait")
                                + " or will not arrive. Rollbacks do not depend on it. Look at the channel, and send it a test.");
        return notice(project, Occasion.CHANNEL_DOWN, Severity.ERROR, "🔕", "Channel down: " + channel, story, now);
    }

    /** Returns the message that a person wanted to see. */
    public static Notice test(String project, String channel, String by, Instant now) {
        Line story = new Line()
                .strong("This channel works")
                .plain(". " + by + " sent a test; nothing happened, and there is nothing to do.");
        return notice(project, Occasion.TEST, Severity.INFO, "👋", "Test from Belay: " + channel, story, now);
    }

    private static Notice notice(
            String project, Occasion occasion, Severity severity, String sign, String title, Line story, Instant now) {
        return new Notice(
                occasion,
                severity,
                sign,
                title,
                List.of(story.phrases()),
                List.of(Line.of(project).phrases()),
                List.of(),
                Notice.About.project(project),
                null,
                List.of(),
                List.of(),
                now);
    }
}
