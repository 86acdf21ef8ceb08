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
        return plan(
                List.of(stage("canary", 5, null), stage("quarter", 25, null), stage("half", 50, null)),
                falls("conversion", "conversion", 0.2),
                rises("errors", "errors", 0.3));
    }

    /** A plan over the metrics {@code conversion}, {@code errors} and {@code failures}, the last two of the same event. */
    public static Plan plan(List<Stage> stages, Guardrail... guardrails) {
        return plan(Sensitivity.BALANCED, Plan.ALPHA, stages, guardrails);
    }

    public static Plan plan(Sensitivity sensitivity, double alpha, List<Stage> stages, Guardrail... guardrails) {
        return new Plan(
                null,
                null,
                null,
                "off",
                List.of("on"),
                stages,
                List.of(),
                List.of(guardrails),
                List.of(),
                List.of(),
                sensitivity,
                List.of(),
                List.of(
                        metric("conversion", MetricKind.CONVERSION, "purchase", Duration.ofHours(1)),
                        metric("errors", MetricKind.RATE, "error", null),
                        metric("failures", MetricKind.RATE, "error", null),
                        metric("crashes", MetricKind.COUNTER, "crash", null),
                        metric("revenue", MetricKind.MEAN, "purchase", Duration.ofMinutes(10)),
                        metric("latency", MetricKind.QUANTILE, "latency-ms", null),
                        metric("matured", MetricKind.CONVERSION, "purchase", Duration.ofMinutes(10))
                                .counting(MetricDefinition.Mode.MATURED),
                        metric("each-error", MetricKind.RATE, "error", null).counting(MetricDefinition.Mode.CLUSTERED)),
                alpha,
                Plan.BETA);
    }

    /** The same plan with segments watched. */
    public static Plan watching(Plan plan, String... dimensions) {
        return with(plan, plan.treatments(), List.of(dimensions));
    }

    /** The same plan with other treatments. */
    public static Plan treating(Plan plan, String... treatments) {
        return with(plan, List.of(treatments), plan.watchBy());
    }

    private static Plan with(Plan plan, List<String> treatments, List<String> watchBy) {
        return new Plan(
                plan.template(),
                plan.title(),
                plan.owner(),
                plan.control(),
                treatments,
                plan.stages(),
                plan.only(),
                plan.guardrails(),
                plan.goals(),
                watchBy,
                plan.sensitivity(),
                plan.tell(),
                plan.metrics(),
                plan.alpha(),
                plan.beta());
    }

    /** An exposure that says more of the unit. */
    public static Exposure in(Exposure exposure, Map<String, String> dimensions) {
        return new Exposure(
                exposure.id(),
                exposure.project(),
                exposure.environment(),
                exposure.flag(),
                exposure.unit(),
                exposure.variant(),
                exposure.epoch(),
                exposure.allocation(),
                exposure.clause(),
                exposure.share(),
                exposure.bucket(),
                dimensions,
                exposure.rolloutVersion(),
                exposure.at(),
                exposure.source());
    }

    /** The rollout of {@link #plan} in a stage, its allocations numbered from 1. */
    public static RolloutState inStage(int stage) {
        return inStage(plan(), stage);
    }

    /** A rollout that went through its stages one by one. */
    public static RolloutState inStage(Plan plan, int stage) {
        int[] stages = new int[stage + 1];
        for (int i = 0; i <= stage; i++) {
            stages[i] = i;
        }
        return through(plan, stages);
    }

    /** A rollout with one allocation per given stage, numbered from 1; its version is their number. */
    public static RolloutState through(Plan plan, int... stages) {
        List<Allocation> allocations = new ArrayList<>();
        for (int i = 0; i < stages.length; i++) {
            int known = Math.min(stages[i], plan.stages().size() - 1);
            allocations.add(new Allocation(i + 1, stages[i], StageClauses.of(plan, known), START));
        }
        return new RolloutState(
                FLAG.project(),
                FLAG.environment(),
                FLAG.flag(),
                1,
                stages.length,
                RolloutStatus.RUNNING,
                plan,
                allocations,
                START,
                null,
                false,
                Actor.person("ada"),
                "started",
                START,
                START);
    }

    /** The same rollout in a later version, with another status. */
    public static RolloutState become(RolloutState rollout, RolloutStatus status) {
        return new RolloutState(
                rollout.project(),
                rollout.environment(),
                rollout.flag(),
                rollout.epoch(),
                rollout.version() + 1,
                status,
                rollout.plan(),
                rollout.allocations(),
                rollout.stageSince(),
                rollout.startsAt(),
                rollout.asked(),
                rollout.by(),
                rollout.reason(),
                rollout.createdAt(),
                rollout.updatedAt());
    }

    public static Stage stage(String name, double percent, Double control) {
        return new Stage(
                name, Audience.percent(percent), control, Duration.ofHours(1), null, AdvanceMode.PROVEN, null, null);
    }

    public static Guardrail falls(String name, String metric, double threshold) {
        return guardrail(name, metric, Guardrail.Limit.FALLS, threshold, Guardrail.Then.ROLLBACK);
    }

    public static Guardrail rises(String name, String metric, double threshold) {
        return guardrail(name, metric, Guardrail.Limit.RISES, threshold, Guardrail.Then.ROLLBACK);
    }

    /** A limit of so many events within five minutes. */
    public static Guardrail above(String name, String metric, double most) {
        return new Guardrail(
                name,
                metric,
                Guardrail.Limit.ABOVE,
                most,
                Duration.ofMinutes(5),
                Guardrail.Of.TREATMENT,
                Guardrail.Then.ROLLBACK,
                Guardrail.Scope.AUTO);
    }

    /** A guardrail that does {@code then}. */
    public static Guardrail guardrail(
            String name, String metric, Guardrail.Limit limit, double threshold, Guardrail.Then then) {
        return new Guardrail(name, metric, limit, threshold, null, null, then, Guardrail.Scope.AUTO);
    }

    public static Exposure exposure(
            String id, String unit, int allocation, Double bucket, String variant, long second) {
        return exposure(id, unit, allocation, bucket, variant, START.plusSeconds(second));
    }

    public static Exposure exposureAt(Instant at) {
        return exposure("x", "ann", 1, 0.9, "off", at);
    }

    private static Exposure exposure(
            String id, String unit, int allocation, Double bucket, String variant, Instant at) {
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
                at,
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
                kind == MetricKind.QUANTILE ? (Double) 0.95 : null,
                Unit.USER,
                START);
    }
}
