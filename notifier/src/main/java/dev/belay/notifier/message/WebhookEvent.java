// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.message;

import java.time.Instant;
import java.util.List;
import java.util.Locale;

import dev.belay.contracts.verdicts.Counts;
import dev.belay.contracts.verdicts.Verdict;
import dev.belay.notifier.decision.Occasion;
import org.jspecify.annotations.Nullable;

/**
 * A notice as a document for programs, described in docs/channels.md. A new field is no new version; a field that goes or
 * means something else is.
 *
 * @param type what happened, for instance {@code rollout.rolled_back}
 * @param timestamp when it happened
 * @param version of this form
 * @param data what it is about
 */
public record WebhookEvent(String type, Instant timestamp, int version, Data data) {
    /** The version of the form. */
    public static final int VERSION = 1;

    private static final int LONGEST_TEXT = 4000;
    private static final int LONGEST_TITLE = 300;

    /**
     * What an event is about.
     *
     * @param severity {@code info}, {@code warning}, {@code error} or {@code critical}
     * @param project name of the project
     * @param environment name of the environment; null when it is about no flag
     * @param flag key of the flag; null when it is about none
     * @param epoch epoch of the rollout; null when it is about none
     * @param rolloutVersion version of the rollout; null when it is about an incident
     * @param incident id of the incident; null when it is about none
     * @param target what was taken out; null when nothing was
     * @param owner who owns it; null when nobody does
     * @param title for people, one line
     * @param text for people, all of it
     * @param numbers what it rests on; null when it rests on none
     * @param links pages with more
     */
    public record Data(
            String severity,
            String project,
            @Nullable String environment,
            @Nullable String flag,
            @Nullable Integer epoch,
            @Nullable Long rolloutVersion,
            @Nullable String incident,
            @Nullable String target,
            @Nullable String owner,
            String title,
            String text,
            @Nullable Numbers numbers,
            List<Notice.Link> links) {}

    /**
     * The numbers a rollback rests on.
     *
     * @param guardrail its name
     * @param metric name of its metric
     * @param variant the treatment
     * @param segment {@code dimension=value}; null for everyone
     * @param threshold the limit: a fraction relative to control, or a number
     * @param control users and those who count; of the treatment too
     * @param ratio treatment to control; null when not known
     * @param lower lower end of its 95 % confidence sequence; null when not known
     * @param upper upper end; null when not known
     * @param logEvidence logarithm of the evidence
     * @param logLimit what it must reach
     * @param users who saw the treatment
     */
    public record Numbers(
            String guardrail,
            String metric,
            String variant,
            @Nullable String segment,
            double threshold,
            Counts control,
            Counts treatment,
            @Nullable Double ratio,
            @Nullable Double lower,
            @Nullable Double upper,
            double logEvidence,
            double logLimit,
            long users) {
        static Numbers of(Verdict verdict) {
            return new Numbers(
                    verdict.guardrail(),
                    verdict.metric(),
                    verdict.variant(),
                    verdict.segment(),
                    verdict.threshold(),
                    verdict.control(),
                    verdict.treatment(),
                    verdict.estimate().ratio(),
                    verdict.estimate().lower(),
                    verdict.estimate().upper(),
                    verdict.logEvidence(),
                    verdict.logLimit(),
                    verdict.treatedUnits());
        }
    }

    /** Returns the document for a notice. */
    public static WebhookEvent of(Notice notice) {
        Notice.About about = notice.about();
        Verdict verdict = notice.verdict();
        return new WebhookEvent(
                type(notice.occasion()),
                notice.at(),
                VERSION,
                new Data(
                        notice.severity().name().toLowerCase(Locale.ROOT),
                        about.project(),
                        about.environment(),
                        about.flag(),
                        about.epoch(),
                        about.version(),
                        about.incident(),
                        about.target(),
                        about.owner(),
                        Mrkdwn.cut(notice.title(), LONGEST_TITLE),
                        Mrkdwn.cut(String.join("\n", notice.lines()), LONGEST_TEXT),
                        verdict == null ? null : Numbers.of(verdict),
                        notice.links()));
    }

    /** Returns the type of such an event, {@code channel.test} for instance. */
    static String type(Occasion occasion) {
        return switch (occasion) {
            case CHANNEL_DOWN -> "channel.down";
            case TEST -> "channel.test";
            case ACKNOWLEDGED -> "incident.acknowledged";
            case RESOLVED -> "incident.resolved";
            case UNCONFIRMED -> "rollback.unconfirmed";
            case CONFIRMED_LATE -> "rollback.confirmed_late";
            case AWAITING_APPROVAL,
                    STARTED,
                    ADVANCED,
                    PAUSED,
                    RESUMED,
                    ASKED,
                    COMPLETED,
                    CANCELLED,
                    ROLLED_BACK,
                    HELD,
                    HEALED -> "rollout." + occasion.name().toLowerCase(Locale.ROOT);
        };
    }
}
