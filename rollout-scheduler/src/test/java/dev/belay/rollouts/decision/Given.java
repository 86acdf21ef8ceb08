// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts.decision;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import dev.belay.contracts.Actor;
import dev.belay.contracts.FlagRef;
import dev.belay.contracts.metrics.MetricDefinition;
import dev.belay.contracts.metrics.MetricKind;
import dev.belay.contracts.rollbacks.Rollback;
import dev.belay.contracts.rollbacks.RollbackTarget;
import dev.belay.contracts.rollouts.AdvanceMode;
import dev.belay.contracts.rollouts.Approval;
import dev.belay.contracts.rollouts.Audience;
import dev.belay.contracts.rollouts.Guardrail;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.rollouts.RolloutStatus;
import dev.belay.contracts.rollouts.Sensitivity;
import dev.belay.contracts.rollouts.Stage;
import dev.belay.contracts.rollouts.Window;
import dev.belay.contracts.verdicts.Counts;
import dev.belay.contracts.verdicts.Estimate;
import dev.belay.contracts.verdicts.Reason;
import dev.belay.contracts.verdicts.Verdict;

/** Samples for the tests of this package. */
public final class Given {
    public static final FlagRef FLAG = new FlagRef("shop", "production", "new-checkout");
    public static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");
    public static final Duration VERDICT_AGE = Duration.ofSeconds(30);
    public static final Actor ANN = Actor.person("ann");

    private Given() {}

    public static Plan plan(Stage... stages) {
        return plan(List.of(), List.of("conversion"), stages);
    }

    public static Plan plan(List<Window> only, List<String> guardrails, Stage... stages) {
        return new Plan(
                null,
                "Checkout",
                "checkout-team",
                "off",
                List.of("on"),
                Arrays.asList(stages),
                only,
                guardrails.stream().map(Given::falls).toList(),
                List.of(),
                List.of(),
                Sensitivity.BALANCED,
                List.of(),
                guardrails.stream().map(Given::metric).toList(),
                Plan.ALPHA,
                Plan.BETA);
    }

    /** A template with a segment without control, one with half on control, two percentages. */
    public static Plan fourStages() {
        return plan(
                segment("internal", null, AdvanceMode.NO_SIGN_OF_HARM),
                segment("beta", 50.0, AdvanceMode.NO_SIGN_OF_HARM),
                percent("canary", 5, AdvanceMode.PROVEN),
                percent("half", 50, AdvanceMode.PROVEN));
    }

    public static Stage segment(String name, Double control, AdvanceMode mode) {
        return new Stage(name, Audience.segment(name), control, Duration.ofMinutes(10), null, mode, null, null);
    }

    public static Stage percent(String name, double percent, AdvanceMode mode) {
        return new Stage(name, Audience.percent(percent), null, Duration.ofMinutes(10), null, mode, null, null);
    }

    public static Stage minUsers(Stage stage, long users) {
        return new Stage(
                stage.name(),
                stage.to(),
                stage.control(),
                stage.atLeast(),
                users,
                stage.advance(),
                stage.askAfter(),
                stage.approval());
    }

    public static Stage askAfter(Stage stage, Duration after) {
        return new Stage(
                stage.name(),
                stage.to(),
                stage.control(),
                stage.atLeast(),
                stage.minUsers(),
                stage.advance(),
                after,
                stage.approval());
    }

    public static Stage approval(Stage stage, String by, int count) {
        return new Stage(
                stage.name(),
                stage.to(),
                stage.control(),
                stage.atLeast(),
                stage.minUsers(),
                stage.advance(),
                stage.askAfter(),
                new Approval(Approval.Before.ENTERING, by, count));
    }

    /** Like four stages, with the half in need of one approval by a releaser. */
    public static Plan approvedHalf() {
        return plan(
                segment("internal", null, AdvanceMode.NO_SIGN_OF_HARM),
                segment("beta", 50.0, AdvanceMode.NO_SIGN_OF_HARM),
                percent("canary", 5, AdvanceMode.PROVEN),
                approval(percent("half", 50, AdvanceMode.PROVEN), "releaser", 1));
    }

    /** The plan with every stage lasting that long at least. */
    public static Plan lasting(Plan plan, Duration atLeast) {
        return with(
                plan,
                plan.stages().stream()
                        .map(stage -> new Stage(
                                stage.name(),
                                stage.to(),
                                stage.control(),
                                atLeast,
                                stage.minUsers(),
                                stage.advance(),
                                stage.askAfter(),
                                stage.approval()))
                        .toList(),
                plan.guardrails());
    }

    public static Plan with(Plan plan, List<Stage> stages, List<Guardrail> guardrails) {
        return new Plan(
                plan.template(),
                plan.title(),
                plan.owner(),
                plan.control(),
                plan.treatments(),
                stages,
                plan.only(),
                guardrails,
                plan.goals(),
                plan.watchBy(),
                plan.sensitivity(),
                plan.tell(),
                plan.metrics(),
                plan.alpha(),
                plan.beta());
    }

    /** Around the whole day of noon. */
    public static Freeze freeze() {
        return new Freeze("f1", "shop", "production", NOON.minusSeconds(3_600), NOON.plusSeconds(86_400), "sale", ANN);
    }

    /** Of the latest rollout, by somebody. */
    public static RolloutEvent.Order order(Situation situation, Actor by, Instant now) {
        RolloutState rollout = situation.rollout();
        return new RolloutEvent.Order(rollout == null ? 1 : rollout.epoch(), null, by, "because", now);
    }

    public static Situation nothing() {
        return Situation.empty(FLAG, VERDICT_AGE);
    }

    /** A rollout that entered its first stage at noon. */
    public static Situation running(Plan plan) {
        return after(nothing(), start(plan, NOON));
    }

    /** The situation after the changes an event leads to. */
    public static Situation after(Situation before, RolloutEvent event) {
        return applied(event.knownIn(before), RolloutDecider.decide(before, event));
    }

    public static Situation applied(Situation before, Decision decision) {
        Situation situation = before;
        for (Change change : decision.changes()) {
            situation = situation.with(change.state(), change.basis(), change.terms());
        }
        return situation;
    }

    public static RolloutEvent.Start start(Plan plan, Instant now) {
        return new RolloutEvent.Start(plan, null, RolloutEvent.Opening.PLAIN, ANN, "ship it", now);
    }

    public static RolloutEvent.Order order(Situation situation, Instant now) {
        RolloutState rollout = situation.rollout();
        return new RolloutEvent.Order(rollout == null ? 1 : rollout.epoch(), null, ANN, "because", now);
    }

    public static RolloutState in(RolloutStatus status, RolloutState from) {
        return new RolloutState(
                from.project(),
                from.environment(),
                from.flag(),
                from.epoch(),
                from.version(),
                status,
                status == RolloutStatus.RESTORED ? null : from.plan(),
                status == RolloutStatus.RESTORED ? List.of() : from.allocations(),
                from.stageSince(),
                status == RolloutStatus.SCHEDULED ? NOON.plusSeconds(3_600) : null,
                from.asked(),
                from.by(),
                from.reason(),
                from.createdAt(),
                from.updatedAt());
    }

    public static Rollback rollback(int epoch, RollbackTarget target) {
        return new Rollback(
                FLAG.project(),
                FLAG.environment(),
                FLAG.flag(),
                epoch,
                target,
                "conversion fell by 31 %",
                null,
                Actor.service("rollback-controller"),
                NOON);
    }

    public static Heard heard(
            RolloutState rollout, dev.belay.contracts.verdicts.Decision decision, Instant at, Reason... reasons) {
        return heard(rollout, "conversion", decision, at, reasons);
    }

    public static Heard heard(
            RolloutState rollout,
            String guardrail,
            dev.belay.contracts.verdicts.Decision decision,
            Instant at,
            Reason... reasons) {
        return new Heard(verdict(rollout, guardrail, decision, 1_000, 1_000, at, reasons), at);
    }

    public static Verdict verdict(
            RolloutState rollout,
            String guardrail,
            dev.belay.contracts.verdicts.Decision decision,
            long stageControl,
            long stageTreatment,
            Instant at,
            Reason... reasons) {
        return new Verdict(
                FLAG.project(),
                FLAG.environment(),
                FLAG.flag(),
                rollout.epoch(),
                rollout.version(),
                rollout.stage(),
                guardrail,
                guardrail,
                "on",
                null,
                decision,
                List.of(reasons),
                Guardrail.Limit.FALLS,
                0.2,
                Guardrail.Then.ROLLBACK,
                Guardrail.Scope.AUTO,
                new Estimate(0.97, 0.88, 1.06),
                new Counts(1_000, 120),
                new Counts(1_000, 116),
                stageControl,
                stageTreatment,
                stageTreatment,
                Map.of(),
                0.3,
                4.6,
                1.2,
                3.0,
                7,
                at,
                null,
                at);
    }

    public static Verdict noted(Verdict of, String note) {
        return new Verdict(
                of.project(),
                of.environment(),
                of.flag(),
                of.epoch(),
                of.rolloutVersion(),
                of.stage(),
                of.guardrail(),
                of.metric(),
                of.variant(),
                of.segment(),
                of.decision(),
                of.reasons(),
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
                of.logEvidence(),
                of.logLimit(),
                of.logHealthy(),
                of.logHealthyLimit(),
                of.blocks(),
                of.lastExposureAt(),
                of.evidenceAt(),
                of.at(),
                List.of(note));
    }

    private static Guardrail falls(String metric) {
        return new Guardrail(
                metric, metric, Guardrail.Limit.FALLS, 0.2, null, null, Guardrail.Then.ROLLBACK, Guardrail.Scope.AUTO);
    }

    private static MetricDefinition metric(String name) {
        return new MetricDefinition(
                FLAG.project(),
                name,
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
    }
}
