// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollback.decision;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.belay.contracts.Actor;
import dev.belay.contracts.metrics.MetricDefinition;
import dev.belay.contracts.metrics.MetricKind;
import dev.belay.contracts.rollbacks.Rollback;
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
import dev.belay.contracts.served.Served;
import dev.belay.contracts.verdicts.Counts;
import dev.belay.contracts.verdicts.Decision;
import dev.belay.contracts.verdicts.Estimate;
import dev.belay.contracts.verdicts.Reason;
import dev.belay.contracts.verdicts.Verdict;
import org.jspecify.annotations.Nullable;

final class Samples {
    static final Instant NOON = Instant.parse("2026-01-05T12:00:00Z");
    static final String FLAG = "shop/production/new-checkout";

    private Samples() {}

    static Verdict verdict(Decision decision, Guardrail.Then then, Guardrail.Scope scope, @Nullable String segment) {
        return new Verdict(
                "shop",
                "production",
                "new-checkout",
                3,
                7,
                2,
                "conversion",
                "checkout-conversion",
                "on",
                segment,
                decision,
                List.of(),
                Guardrail.Limit.FALLS,
                0.2,
                then,
                scope,
                new Estimate(0.73, 0.55, 0.96),
                new Counts(18_000, 720),
                new Counts(6_000, 175),
                18_000,
                6_000,
                6_000,
                Map.of(),
                Math.log(198),
                Math.log(100),
                -5,
                Math.log(20),
                40,
                NOON,
                NOON.minusMillis(120),
                NOON);
    }

    static Verdict breach() {
        return verdict(Decision.BREACHED, Guardrail.Then.ROLLBACK, Guardrail.Scope.AUTO, null);
    }

    /** What the watcher says in stage 0, with a note for each reason that people are told of. */
    static Verdict said(Decision decision, Instant at, Reason... reasons) {
        Verdict of = verdict(decision, Guardrail.Then.ROLLBACK, Guardrail.Scope.AUTO, null);
        List<String> notes = Stream.of(reasons)
                .filter(reason -> reason != Reason.WARNING && reason != Reason.NOT_ENOUGH_EVIDENCE)
                .map(reason -> "about " + reason)
                .toList();
        return new Verdict(
                of.project(),
                of.environment(),
                of.flag(),
                of.epoch(),
                of.rolloutVersion(),
                0,
                of.guardrail(),
                of.metric(),
                of.variant(),
                of.segment(),
                decision,
                List.of(reasons),
                of.limit(),
                of.threshold(),
                of.then(),
                of.scope(),
                of.estimate(),
                of.control(),
                of.treatment(),
                of.stageControl(),
                of.stageTreatment(),
                of.treatedUnits(),
                of.excluded(),
                0,
                of.logLimit(),
                of.logHealthy(),
                of.logHealthyLimit(),
                of.blocks(),
                null,
                null,
                at,
                notes);
    }

    static RolloutState running(int epoch, Instant since) {
        Guardrail conversion = new Guardrail(
                "conversion",
                "checkout-conversion",
                Guardrail.Limit.FALLS,
                0.2,
                null,
                null,
                Guardrail.Then.ROLLBACK,
                Guardrail.Scope.AUTO);
        return running(epoch, since, List.of(conversion));
    }

    static RolloutState running(int epoch, Instant since, List<Guardrail> guardrails) {
        Stage half = new Stage("half", Audience.percent(50), null, Duration.ZERO, null, AdvanceMode.PROVEN, null, null);
        MetricDefinition metric = new MetricDefinition(
                "shop",
                "checkout-conversion",
                1,
                null,
                null,
                MetricKind.CONVERSION,
                "purchase",
                null,
                MetricDefinition.GoodWhen.UP,
                null,
                null,
                null,
                "user",
                NOON);
        Plan plan = new Plan(
                null,
                null,
                null,
                "off",
                List.of("on"),
                List.of(half),
                List.of(),
                guardrails,
                List.of(),
                List.of(),
                Sensitivity.BALANCED,
                List.of("checkout-oncall"),
                List.of(metric),
                Plan.ALPHA,
                Plan.BETA);
        Allocation first = new Allocation(1, 0, StageClauses.of(plan, 0), since);
        return new RolloutState(
                "shop",
                "production",
                "new-checkout",
                epoch,
                1,
                RolloutStatus.RUNNING,
                plan,
                List.of(first),
                since,
                null,
                false,
                Actor.person("ada"),
                "ship it",
                since,
                since);
    }

    static RolloutState in(RolloutStatus status, RolloutState from) {
        return new RolloutState(
                from.project(),
                from.environment(),
                from.flag(),
                from.epoch(),
                from.version() + 1,
                status,
                from.plan(),
                from.allocations(),
                from.stageSince(),
                null,
                false,
                from.by(),
                from.reason(),
                from.createdAt(),
                from.updatedAt());
    }

    static Plan plan(String... treatments) {
        Stage stage =
                new Stage("everyone", Audience.percent(100), null, Duration.ZERO, null, AdvanceMode.PROVEN, null, null);
        return new Plan(
                null,
                null,
                null,
                "off",
                List.of(treatments),
                List.of(stage),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                Sensitivity.BALANCED,
                List.of(),
                List.of(),
                Plan.ALPHA,
                Plan.BETA);
    }

    static Rollback rollback() {
        return RollbackDecider.decide(breach(), null).orElseThrow();
    }

    static Served served(String edge, int outEpoch, List<String> out, Instant at) {
        return new Served(edge, "shop", "production", "new-checkout", 1, 3, 7, out, outEpoch, null, at);
    }
}
