// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.message;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

import dev.belay.contracts.metrics.MetricDefinition;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.rollouts.Stage;
import dev.belay.contracts.verdicts.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * What a message is made of besides its record.
 *
 * @param rollout the rollout it is about; null when there is none or it is not known
 * @param verdicts what was said of it last, by guardrail, variant and segment; empty when not known
 * @param console base address of the console; null when there is none
 */
public record Surroundings(
        @Nullable RolloutState rollout,
        List<Verdict> verdicts,
        @Nullable URI console) {
    public Surroundings {
        verdicts = List.copyOf(verdicts);
    }

    @Nullable
    Plan plan() {
        return rollout == null ? null : rollout.plan();
    }

    /** Returns a metric's title, its name when it has none. */
    String title(String metric) {
        Plan plan = plan();
        return plan == null
                ? metric
                : plan.metric(metric).map(MetricDefinition::title).orElse(metric);
    }

    /** Returns a stage with what it reaches: {@code canary 5 %}, {@code beta}. */
    String stage(String name) {
        Plan plan = plan();
        return plan == null
                ? name
                : plan.stages().stream()
                        .filter(stage -> stage.name().equals(name))
                        .findFirst()
                        .map(Surroundings::reach)
                        .orElse(name);
    }

    /** Returns since when the rollout is in its present stage: {@code  since 10:00:00 UTC}; empty when not known. */
    String since() {
        return rollout == null
                        || rollout.stageSince() == null
                        || !rollout.status().isLive()
                ? ""
                : " since " + Figures.time(rollout.stageSince());
    }

    /** Returns who started it; null when not known. */
    @Nullable
    String starter() {
        return rollout == null ? null : "started by " + rollout.by().name();
    }

    /** Returns the link to a page of the console; none without a console. */
    List<Notice.Link> page(String title, String kind, String id) {
        URI base = console;
        if (base == null) {
            return List.of();
        }
        String root = base.toString().endsWith("/") ? base.toString() : base + "/";
        URI url = URI.create(root + kind + "/" + URLEncoder.encode(id, StandardCharsets.UTF_8));
        return List.of(new Notice.Link(title, url));
    }

    static String reach(Stage stage) {
        Double percent = stage.to().percent();
        return percent == null ? stage.name() : stage.name() + " " + Figures.percent(percent);
    }
}
