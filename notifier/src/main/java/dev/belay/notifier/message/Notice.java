// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.message;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

import dev.belay.contracts.FlagRef;
import dev.belay.contracts.Require;
import dev.belay.contracts.verdicts.Verdict;
import dev.belay.notifier.decision.Occasion;
import dev.belay.notifier.decision.Severity;
import org.jspecify.annotations.Nullable;

/**
 * What is told, whoever it is told to: each medium has a pure function that makes its own form of it. Kept with its
 * deliveries, so a new field is optional.
 *
 * @param occasion what happened
 * @param severity how much it matters
 * @param sign one emoji
 * @param title one line without markup
 * @param story what happened, what was done and what is left to do: a paragraph each
 * @param details where, since when and with which numbers: a line each
 * @param figures the numbers by name, for those who read no lines
 * @param about what it is about
 * @param verdict the verdict it rests on; null when there is none
 * @param links pages with more
 * @param verbs what can be done about it
 * @param at when it happened
 */
public record Notice(
        Occasion occasion,
        Severity severity,
        String sign,
        String title,
        List<List<Phrase>> story,
        List<List<Phrase>> details,
        List<Figure> figures,
        About about,
        @Nullable Verdict verdict,
        List<Link> links,
        List<Verb> verbs,
        Instant at) {
    /**
     * A number by its name.
     *
     * @param name what it is, for people
     * @param value with its unit
     */
    public record Figure(String name, String value) {}

    /**
     * A page with more.
     *
     * @param title what the link says
     * @param url where it leads
     */
    public record Link(String title, URI url) {}

    /**
     * What a notice is about.
     *
     * @param project name of the project
     * @param environment name of the environment; null when it is about no flag
     * @param flag key of the flag; null when it is about none
     * @param epoch epoch of the rollout; null when it is about none
     * @param version of the rollout state it was told from; null when it is about an incident or none
     * @param incident id of the incident; null when it is about none
     * @param target what was taken out; null when nothing was
     * @param owner who owns it; null when nobody does
     */
    public record About(
            String project,
            @Nullable String environment,
            @Nullable String flag,
            @Nullable Integer epoch,
            @Nullable Long version,
            @Nullable String incident,
            @Nullable String target,
            @Nullable String owner) {

        /** Something about a channel itself. */
        static About project(String project) {
            return new About(project, null, null, null, null, null, null, null);
        }

        /** Returns the rollout, whose messages belong together; null when it is about none. */
        public @Nullable String thread() {
            return flag == null || environment == null
                    ? null
                    : new FlagRef(project, environment, flag).key() + "#" + epoch;
        }
    }

    public Notice {
        Require.nonNull(occasion, "occasion");
        Require.nonNull(severity, "severity");
        Require.text(title, "title");
        story = story == null ? List.of() : List.copyOf(story);
        details = details == null ? List.of() : List.copyOf(details);
        figures = figures == null ? List.of() : List.copyOf(figures);
        Require.nonNull(about, "about");
        links = links == null ? List.of() : List.copyOf(links);
        verbs = verbs == null ? List.of() : List.copyOf(verbs);
        Require.nonNull(at, "at");
    }

    /** Returns all of it as text without markup, a paragraph or line each. */
    public List<String> lines() {
        return Stream.concat(story.stream(), details.stream()).map(Phrase::text).toList();
    }

    /** Returns title and first paragraph: what a notification shows. */
    public String summary() {
        return story.isEmpty() ? title : title + ". " + Phrase.text(story.get(0));
    }
}
