// SPDX-License-Identifier: Apache-2.0
package dev.belay.manifest;

import java.net.URI;
import java.time.DayOfWeek;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.belay.contracts.Require;
import org.jspecify.annotations.Nullable;

/**
 * Where people are told.
 *
 * @param project name of the project
 * @param name what templates call it
 * @param type how it is spoken to
 * @param url where; a secret
 * @param room Slack channel that a bot posts to, its id or name; null for other types
 * @param secrets what proves who speaks
 * @param hears what it is told of, and when
 */
public record ChannelDocument(
        String project,
        String name,
        Type type,
        URI url,
        @Nullable String room,
        Secrets secrets,
        Hears hears) implements Document {
    /** How a channel is spoken to. */
    public enum Type {
        /** Slack, through an incoming webhook: new messages only. */
        @JsonProperty("slack-webhook")
        SLACK_WEBHOOK("slack-webhook", null),
        /** Slack, through a bot: one thread for each rollout, with buttons. */
        @JsonProperty("slack")
        SLACK("slack", URI.create("https://slack.com/api/")),
        /** PagerDuty, Events API v2. */
        @JsonProperty("pagerduty")
        PAGERDUTY("pagerduty", URI.create("https://events.pagerduty.com/v2/enqueue")),
        /** Standard Webhooks 1.0, to a receiver of one's own. */
        @JsonProperty("webhook")
        WEBHOOK("webhook", null);

        private final String text;
        private final @Nullable URI usual;

        Type(String text, @Nullable URI usual) {
            this.text = text;
            this.usual = usual;
        }

        /** Returns the word in a document. */
        public String text() {
            return text;
        }

        /** Returns where everybody's leads; null when each has its own address. */
        @Nullable
        URI usual() {
            return usual;
        }
    }

    /** How much a message matters, in rising order. */
    public enum Severity {
        @JsonProperty("info")
        INFO,
        @JsonProperty("warning")
        WARNING,
        @JsonProperty("error")
        ERROR,
        @JsonProperty("critical")
        CRITICAL
    }

    /** Which rollouts a channel hears of. */
    public enum Of {
        /** Of those whose template names it. */
        @JsonProperty("named")
        NAMED,
        /** Of all of its project. */
        @JsonProperty("project")
        PROJECT
    }

    /**
     * What proves who speaks. Written, and never shown again.
     *
     * @param token bot token of Slack; null for other types
     * @param signing what Slack signs its button presses with; null when there are no buttons
     * @param routingKey integration key of PagerDuty; null for other types
     * @param webhook keys that webhooks are signed with, each {@code whsec_} and base64; two while one replaces the other
     * @param people for each Slack user who may press buttons the key of that person; the actions are theirs
     */
    public record Secrets(
            @Nullable String token,
            @Nullable String signing,
            @Nullable String routingKey,
            List<String> webhook,
            Map<String, String> people) {
        public static final Secrets NONE = new Secrets(null, null, null, List.of(), Map.of());

        public Secrets {
            webhook = webhook == null ? List.of() : List.copyOf(webhook);
            people = people == null ? Map.of() : Map.copyOf(people);
        }

        /** Leaves everything out. */
        @Override
        public String toString() {
            return "Secrets[***]";
        }
    }

    /**
     * What a channel is told of, and when.
     *
     * @param of which rollouts
     * @param environments names of environments; empty for all
     * @param tags tags of flags, of which the flag has at least one; empty for all flags
     * @param severity what is less is not told; null for the type's own
     * @param quiet when messages that can wait do
     */
    public record Hears(
            Of of,
            List<String> environments,
            List<String> tags,
            @Nullable Severity severity,
            List<Quiet> quiet) {
        public static final Hears EVERYTHING = new Hears(Of.NAMED, List.of(), List.of(), null, List.of());

        public Hears {
            of = of == null ? Of.NAMED : of;
            environments = environments == null ? List.of() : List.copyOf(environments);
            tags = tags == null ? List.of() : List.copyOf(tags);
            quiet = quiet == null ? List.of() : List.copyOf(quiet);
        }
    }

    /**
     * Hours in which nobody wants to hear of what can wait. A rollback cannot, nor can a page.
     *
     * @param days days on which they begin, at least one
     * @param from first moment, local time
     * @param to first moment after them, local time; on the next day when it is not after {@code from}
     * @param zone time zone
     */
    public record Quiet(List<DayOfWeek> days, LocalTime from, LocalTime to, ZoneId zone) {
        /** @throws IllegalArgumentException if a part is missing, or both ends are the same */
        public Quiet {
            days = List.copyOf(Require.notEmpty(days, "quiet.days"));
            Require.nonNull(from, "quiet.from");
            Require.nonNull(to, "quiet.to");
            Require.that(!from.equals(to), "quiet.to", "must differ from " + from, to);
            Require.nonNull(zone, "quiet.zone");
        }
    }

    public ChannelDocument {
        secrets = secrets == null ? Secrets.NONE : secrets;
        hears = hears == null ? Hears.EVERYTHING : hears;
    }

    @Override
    public Kind kind() {
        return Kind.CHANNEL;
    }

    /** Leaves the secrets out. */
    @Override
    public String toString() {
        return "ChannelDocument[project=" + project + ", name=" + name + ", type=" + type + ", room=" + room
                + ", hears=" + hears + "]";
    }
}
