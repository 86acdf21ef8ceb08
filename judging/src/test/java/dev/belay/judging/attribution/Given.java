// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.attribution;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.belay.contracts.Actor;
import dev.belay.contracts.FlagRef;
import dev.belay.contracts.Unit;
import dev.belay.contracts.events.Exposure;
import dev.belay.contracts.events.Outcome;
import dev.belay.contracts.metrics.MetricDefinition;
import dev.belay.contracts.metrics.MetricKind;
import dev.belay.contracts.rollouts.AdvanceMode;
import dev.belay.contracts.rollouts.Allocation;
import dev.belay.contracts.rollouts.Audience;
import dev.belay.contracts.rollouts.Guardrail;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.rollouts.RolloutStatus;
import dev.belay.contracts.rollouts.Sensitivity;
import dev.belay.contracts.rollouts.Stage;
import dev.belay.contracts.rollouts.StageClauses;

/** A rollout and events for tests. */
public final class Given {
    public static final FlagRef FLAG = new FlagRef("shop", "production", "new-checkout");
    public static final Instant START = Instant.parse("2026-03-02T09:00:00Z");

    private Given() {}

    /** A plan with 5, 25 and 50 % of everyone, guarded by conversion within an hour and errors at any time. */
    public static Plan plan() {
        return new Plan(
                null,
                null,
                null,
                "off",
                List.of("on"),
                List.of(stage("canary", 5), stage("quarter", 25), stage("half", 50)),
                List.of(),
                List.of(
                        guardrail("conversion", Guardrail.Limit.FALLS, 0.2),
                        guardrail("errors", Guardrail.Limit.RISES, 0.3)),
                List.of(),
                List.of(),
                Sensitivity.BALANCED,
                List.of(),
                List.of(
                        metric("conversion", MetricKind.CONVERSION, "purchase", Duration.ofHours(1)),
                        metric("errors", MetricKind.RATE, "error", null)),
                Plan.ALPHA,
                Plan.BETA);
    }

    /** The rollout of {@link #plan} in a stage, its allocations numbered from 1. */
    public static RolloutState inStage(int stage) {
        List<Allocation> allocations = new ArrayList<>();
        for (int i = 0; i <= stage; i++) {
            allocations.add(new Allocation(i + 1, i, StageClauses.of(plan(), i), START));
        }
        return new RolloutState(
                FLAG.project(),
                FLAG.environment(),
                FLAG.flag(),
                1,
                stage + 1,
                RolloutStatus.RUNNING,
                plan(),
                allocations,
                START,
                null,
                false,
                Actor.person("ada"),
                "started",
                START,
                START);
    }

    public static Exposure exposure(
            String id, String unit, int allocation, double bucket, String variant, long second) {
        return new Exposure(
                id,
                FLAG.project(),
                FLAG.environment(),
                FLAG.flag(),
                Unit.user(unit),
                variant,
                1,
                allocation,
                "rest",
                0.05,
                bucket,
                Map.of(),
                allocation,
                START.plusSeconds(second),
                "test");
    }

    public static Outcome outcome(String id, String unit, String event, long second) {
        return new Outcome(
                id,
                FLAG.project(),
                FLAG.environment(),
                Unit.user(unit),
                event,
                null,
                Map.of(),
                null,
                null,
                START.plusSeconds(second),
                "test");
    }

    private static Stage stage(String name, double percent) {
        return new Stage(
                name, Audience.percent(percent), null, Duration.ofHours(1), null, AdvanceMode.PROVEN, null, null);
    }

    private static Guardrail guardrail(String metric, Guardrail.Limit limit, double threshold) {
        return new Guardrail(
                metric, metric, limit, threshold, null, null, Guardrail.Then.ROLLBACK, Guardrail.Scope.AUTO);
    }

    private static MetricDefinition metric(String name, MetricKind kind, String event, Duration within) {
        return new MetricDefinition(
                FLAG.project(),
                name,
                1,
                null,
                null,
                kind,
                event,
                within,
                MetricDefinition.GoodWhen.UP,
                null,
                null,
                null,
                Unit.USER,
                START);
    }
}
