// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.message;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

import dev.belay.contracts.metrics.MetricDefinition;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.rollouts.Stage;
import org.jspecify.annotations.Nullable;

/**
 * What a message is made of besides its record.
 *
 * @param rollout the rollout it is about; null when there is none or it is not known
 * @param console base address of the console; null when there is none
 */
public record Surroundings(
        @Nullable RolloutState rollout, @Nullable URI console) {

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

    /** Returns the address of a page of the console, if there is one. */
    Optional<URI> page(String kind, String id) {
        URI base = console;
        if (base == null) {
            return Optional.empty();
        }
        String root = base.toString().endsWith("/") ? base.toString() : base + "/";
        return Optional.of(URI.create(root + kind + "/" + URLEncoder.encode(id, StandardCharsets.UTF_8)));
    }

    static String reach(Stage stage) {
        Double percent = stage.to().percent();
        return percent == null ? stage.name() : stage.name() + " " + Figures.percent(percent);
    }
}
