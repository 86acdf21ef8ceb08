// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts.decision;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.belay.contracts.rollouts.Allocation;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.rollouts.RolloutStatus;
import dev.belay.contracts.verdicts.Counts;
import dev.belay.contracts.verdicts.Decision;
import dev.belay.contracts.verdicts.Estimate;
import dev.belay.contracts.verdicts.Reason;
import dev.belay.contracts.verdicts.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * Did it work? What became of a rollout: how far it came, how long that took, who was exposed, what each guardrail found.
 * Of one that is not over, so far.
 *
 * @param rollout {@code project/environment/flag#epoch}
 * @param template {@code name@version} of its template; null when it brought its own plan
 * @param status where it is in its life
 * @param answer the answer in one sentence
 * @param startedAt when its first stage was entered; null when it never was
 * @param endedAt when it ended; null when it has not
 * @param lasted from the first stage to the end, or to now; null when it never started
 * @param stages every stage that was entered, in order
 * @param exposed distinct treated units by treatment, as the watcher counted them
 * @param guardrails what was found for everyone, per guardrail and treatment
 * @param segments what was found in each watched segment
 * @param moments its timeline
 */
public record Report(
        String rollout,
        @Nullable String template,
        RolloutStatus status,
        String answer,
        @Nullable Instant startedAt,
        @Nullable Instant endedAt,
        @Nullable Duration lasted,
        List<StageSpan> stages,
        Map<String, Long> exposed,
        List<Finding> guardrails,
        List<Finding> segments,
        List<Moment> moments) {

    /**
     * A stage that was entered.
     *
     * @param name name of the stage
     * @param enteredAt when
     * @param lasted until the next was entered, or the end, or now
     */
    public record StageSpan(String name, Instant enteredAt, Duration lasted) {}

    /**
     * What a guardrail found.
     *
     * @param name name of the guardrail
     * @param metric name of its metric
     * @param variant treatment
     * @param segment {@code dimension=value}; null for everyone
     * @param decision what was decided last
     * @param reasons why
     * @param estimate how large the change is
     * @param control units and events of control
     * @param treatment units and events of the treatment
     * @param sentence all of it in one line
     */
    public record Finding(
            String name,
            String metric,
            String variant,
            @Nullable String segment,
            Decision decision,
            List<Reason> reasons,
            Estimate estimate,
            Counts control,
            Counts treatment,
            String sentence) {
        static Finding of(Verdict verdict) {
            String numbers = verdict.sentence() == null ? Explanation.numbers(verdict) : verdict.sentence();
            return new Finding(
                    verdict.guardrail(),
                    verdict.metric(),
                    verdict.variant(),
                    verdict.segment(),
                    verdict.decision(),
                    verdict.reasons(),
                    verdict.estimate(),
                    verdict.control(),
                    verdict.treatment(),
                    numbers);
        }
    }

    /**
     * Returns the report.
     *
     * @param verdicts the last of each subject, in any order
     * @param moments its timeline
     * @param now the database's clock
     */
    public static Report of(RolloutState rollout, List<Verdict> verdicts, List<Moment> moments, Instant now) {
        List<Verdict> sorted =
                verdicts.stream().sorted(Comparator.comparing(Verdict::subject)).toList();
        Instant startedAt = rollout.allocations().isEmpty()
                ? null
                : rollout.allocations().get(0).since();
        Instant endedAt = rollout.status().isTerminal() ? rollout.updatedAt() : null;
        Instant until = endedAt == null ? now : endedAt;
        return new Report(
                rollout.id(),
                rollout.plan() == null ? null : rollout.plan().template(),
                rollout.status(),
                answer(rollout, sorted),
                startedAt,
                endedAt,
                startedAt == null ? null : Duration.between(startedAt, until),
                spans(rollout, until),
                exposed(sorted),
                sorted.stream()
                        .filter(verdict -> verdict.segment() == null)
                        .map(Finding::of)
                        .toList(),
                sorted.stream()
                        .filter(verdict -> verdict.segment() != null)
                        .map(Finding::of)
                        .toList(),
                List.copyOf(moments));
    }

    /** Returns the report as a page of Markdown. */
    public String markdown() {
        StringBuilder page = new StringBuilder("# " + rollout + "\n\n" + answer + "\n\n");
        page.append("| | |\n|---|---|\n");
        row(page, "Status", status.toString());
        row(page, "Template", template == null ? "none" : template);
        row(page, "Started", startedAt == null ? "never" : startedAt.toString());
        row(page, "Ended", endedAt == null ? "not yet" : endedAt.toString());
        row(page, "Lasted", lasted == null ? "–" : Spoken.duration(lasted));
        exposed.forEach((variant, units) -> row(page, "Exposed to " + variant, Spoken.count(units)));
        page.append("\n## Stages\n\n");
        stages.forEach(stage -> page.append(
                "* " + stage.name() + ": " + Spoken.duration(stage.lasted()) + " from " + stage.enteredAt() + "\n"));
        findings(page, "Guardrails", guardrails);
        findings(page, "Segments", segments);
        page.append("\n## What happened\n\n");
        moments.forEach(moment -> page.append("* " + moment.at() + " " + moment.what()
                + (moment.stage() == null ? "" : " (" + moment.stage() + ")") + " by "
                + moment.by().name() + ": " + escaped(moment.reason()) + "\n"));
        return page.toString();
    }

    private static void findings(StringBuilder page, String title, List<Finding> findings) {
        if (findings.isEmpty()) {
            return;
        }
        page.append("\n## " + title
                + "\n\n| guardrail | variant | segment | decision | numbers |\n|---|---|---|---|---|\n");
        findings.forEach(each -> page.append("| " + each.name() + " | " + each.variant() + " | "
                + (each.segment() == null ? "everyone" : escaped(each.segment())) + " | "
                + each.decision().name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ') + " | "
                + escaped(each.sentence()) + " |\n"));
    }

    private static void row(StringBuilder page, String name, String value) {
        page.append("| " + name + " | " + escaped(value) + " |\n");
    }

    /** What people wrote does not end a cell or a line, nor becomes a tag. */
    private static String escaped(String text) {
        return text.replace("|", "\\|").replace("<", "&lt;").replaceAll("\\s*\\R\\s*", " ");
    }

    private static String answer(RolloutState rollout, List<Verdict> verdicts) {
        return switch (rollout.status()) {
            case COMPLETED -> "It worked: the treatment is for everyone. " + healthy(verdicts);
            case ROLLED_BACK -> "It did not work: " + rollout.reason() + ".";
            case CANCELLED -> "It was cancelled: " + rollout.reason() + ".";
            case RESTORED -> "A kill was lifted: " + rollout.reason() + ".";
            case RUNNING, PAUSED -> "It is not over: " + RolloutDecider.stage(rollout) + ". " + healthy(verdicts);
            case DRAFT, AWAITING_APPROVAL, SCHEDULED -> "It has not started.";
        };
    }

    private static String healthy(List<Verdict> verdicts) {
        List<Verdict> everyone =
                verdicts.stream().filter(verdict -> verdict.segment() == null).toList();
        long proven = everyone.stream()
                .filter(verdict -> verdict.decision() == Decision.HEALTHY)
                .count();
        return everyone.isEmpty()
                ? "Nothing was judged."
                : proven + " of " + everyone.size() + (everyone.size() == 1 ? " guardrail was" : " guardrails were")
                        + " proven healthy in the last stage.";
    }

    private static List<StageSpan> spans(RolloutState rollout, Instant until) {
        Plan plan = rollout.plan();
        List<StageSpan> spans = new ArrayList<>();
        if (plan == null) {
            return spans;
        }
        List<Allocation> entries = new ArrayList<>();
        for (Allocation allocation : rollout.allocations()) {
            boolean isNew = entries.isEmpty() || entries.get(entries.size() - 1).stage() != allocation.stage();
            if (isNew) {
                entries.add(allocation);
            }
        }
        for (int i = 0; i < entries.size(); i++) {
            Instant since = entries.get(i).since();
            Instant end = i + 1 < entries.size() ? entries.get(i + 1).since() : until;
            spans.add(new StageSpan(
                    plan.stages().get(entries.get(i).stage()).name(), since, Duration.between(since, end)));
        }
        return spans;
    }

    private static Map<String, Long> exposed(List<Verdict> verdicts) {
        Map<String, Long> exposed = new LinkedHashMap<>();
        verdicts.stream()
                .filter(verdict -> verdict.segment() == null)
                .forEach(verdict -> exposed.merge(verdict.variant(), verdict.treatedUnits(), Math::max));
        return exposed;
    }
}
