// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.message;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.belay.contracts.Require;
import dev.belay.notifier.decision.Occasion;
import dev.belay.notifier.decision.Severity;

/** Many messages alike as one, with their count: nobody reads a thousand. */
public final class StormMessage {
    private static final int NAMED = 20;

    private StormMessage() {}

    /**
     * Returns one message for all of these.
     *
     * @param notices of one occasion, at least two, the oldest first
     */
    public static Notice of(List<Notice> notices) {
        Notice first = Require.notEmpty(notices, "notices").get(0);
        Severity severity =
                notices.stream().map(Notice::severity).max(Severity::compareTo).orElse(first.severity());
        String title = Figures.count(notices.size()) + " × " + label(first.occasion());
        Line story = new Line()
                .strong(Figures.count(notices.size()) + " messages alike as one")
                .plain(": " + named(notices) + ". Each is in the log of deliveries.");
        Notice last = notices.get(notices.size() - 1);
        return new Notice(
                first.occasion(),
                severity,
                first.sign(),
                title,
                List.of(story.phrases()),
                List.of(where(notices).phrases()),
                List.of(new Notice.Figure("Messages", Figures.count(notices.size()))),
                Notice.About.project(first.about().project()),
                null,
                List.of(),
                List.of(),
                last.at());
    }

    private static String named(List<Notice> notices) {
        List<String> titles = notices.stream().map(Notice::title).limit(NAMED).toList();
        int more = notices.size() - titles.size();
        return String.join("; ", titles) + (more == 0 ? "" : "; and " + Figures.count(more) + " more");
    }

    private static Line where(List<Notice> notices) {
        Map<String, Integer> places = new TreeMap<>();
        notices.forEach(notice -> places.merge(
                notice.about().project()
                        + (notice.about().environment() == null
                                ? ""
                                : " / " + notice.about().environment()),
                1,
                Integer::sum));
        Line line = new Line();
        places.forEach((place, count) -> line.part(place + " " + Figures.count(count)));
        return line.part("from " + Figures.time(notices.get(0).at()) + " to "
                + Figures.time(notices.get(notices.size() - 1).at()));
    }

    private static String label(Occasion occasion) {
        return switch (occasion) {
            case AWAITING_APPROVAL -> "waits for an approval";
            case STARTED -> "rollout started";
            case ADVANCED -> "next stage";
            case PAUSED -> "paused";
            case RESUMED -> "resumed";
            case ASKED -> "your decision";
            case COMPLETED -> "on for everyone";
            case CANCELLED -> "cancelled";
            case ROLLED_BACK -> "taken out";
            case UNCONFIRMED -> "taken out, not confirmed by every edge";
            case CONFIRMED_LATE -> "now off everywhere";
            case ACKNOWLEDGED -> "acknowledged";
            case RESOLVED -> "resolved";
            case HELD -> "held";
            case HEALED -> "right again";
            case CHANNEL_DOWN -> "channel down";
            case TEST -> "test";
        };
    }
}
