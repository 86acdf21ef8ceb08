// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import dev.belay.contracts.Actor;
import dev.belay.contracts.metrics.MetricDefinition;
import dev.belay.contracts.metrics.MetricKind;
import dev.belay.contracts.rollbacks.Hold;
import dev.belay.contracts.rollbacks.Incident;
import dev.belay.contracts.rollbacks.Rollback;
import dev.belay.contracts.rollbacks.RollbackTarget;
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
import dev.belay.contracts.verdicts.Counts;
import dev.belay.contracts.verdicts.Decision;
import dev.belay.contracts.verdicts.Estimate;
import dev.belay.contracts.verdicts.Verdict;

/** Records for tests. */
public final class Samples {
    public static final Instant NOON = Instant.parse("2026-01-05T12:00:00Z");
    public static final String FLAG = "new-checkout";

    private Samples() {}

    public static Plan plan(List<String> tell) {
        return new Plan(
                "autorollout-on-conversion@3",
                "Autorollout",
                "checkout-team",
                "off",
                List.of("on"),
                List.of(stage("beta", Audience.segment("beta"), 50.0), stage("quarter", Audience.percent(25), null)),
                List.of(),
                List.of(new Guardrail(
                        "conversion",
                        "checkout-conversion",
                        Guardrail.Limit.FALLS,
                        0.2,
                        null,
                        null,
                        Guardrail.Then.ROLLBACK,
                        Guardrail.Scope.AUTO)),
                List.of(),
                List.of(),
                Sensitivity.BALANCED,
                tell,
                List.of(metric()),
                Plan.ALPHA,
                Plan.BETA);
    }

    public static RolloutState rollout(RolloutStatus status, boolean asked, String flag, Plan plan, Instant now) {
        return rollout(status, asked, 9, flag, plan, now);
    }

    public static RolloutState rollout(
            RolloutStatus status, boolean asked, long version, String flag, Plan plan, Instant now) {
        return new RolloutState(
                "shop",
                "production",
                flag,
                3,
                version,
                status,
                plan,
                List.of(
                        new Allocation(1, 0, StageClauses.of(plan, 0), now.minus(Duration.ofHours(3))),
                        new Allocation(2, 1, StageClauses.of(plan, 1), now.minus(Duration.ofHours(2)))),
                now.minus(Duration.ofHours(2)),
                null,
                asked,
                Actor.person("ada"),
                "conversion: not enough evidence",
                now.minus(Duration.ofHours(3)),
                now);
    }

    public static RolloutState rollout(RolloutStatus status, boolean asked) {
        return rollout(status, asked, FLAG, plan(List.of("checkout-oncall")), NOON);
    }

    public static Rollback breach(String flag, Instant at) {
        return new Rollback(
                "shop",
                "production",
                flag,
                3,
                RollbackTarget.ALL,
                "checkout-conversion fell",
                verdict(flag, at),
                Actor.service("rollback-controller"),
                at);
    }

    public static Rollback byHand(RollbackTarget target, String reason) {
        return new Rollback("shop", "production", FLAG, 3, target, reason, null, Actor.person("ada"), NOON);
    }

    public static Incident incident(Incident.Status status, Rollback rollback, List<String> confirmed) {
        boolean done = status == Incident.Status.CONFIRMED;
        return new Incident(
                rollback.recordKey(),
                2,
                status,
                rollback,
                "quarter",
                "autorollout-on-conversion@3",
                "checkout-team",
                List.of("checkout-oncall"),
                List.of("edge-a", "edge-b"),
                confirmed,
                rollback.at(),
                done ? rollback.at().plusMillis(300) : null,
                done && rollback.verdict() != null ? 800L : null,
                null,
                rollback.at().plusSeconds(12));
    }

    public static Incident confirmed(Rollback rollback) {
        return incident(Incident.Status.CONFIRMED, rollback, List.of("edge-a", "edge-b"));
    }

    /** The same incident, one version later, and somebody is on it. */
    public static Incident acknowledged(Incident incident, String by) {
        return next(incident, incident.status(), by);
    }

    /** The same incident, one version later, and over. */
    public static Incident resolved(Incident incident) {
        return next(incident, Incident.Status.RESOLVED, incident.acknowledgedBy());
    }

    private static Incident next(Incident incident, Incident.Status status, String by) {
        return new Incident(
                incident.id(),
                incident.version() + 1,
                status,
                incident.rollback(),
                incident.stage(),
                incident.template(),
                incident.owner(),
                incident.tell(),
                incident.edges(),
                incident.confirmed(),
                incident.openedAt(),
                incident.confirmedAt(),
                incident.evidenceToOffMillis(),
                by,
                incident.updatedAt(),
                incident.hold(),
                incident.chain());
    }

    /** A hold of a rollout, in its so-manieth version. */
    public static Incident hold(
            Incident.Status status,
            String cause,
            int episode,
            long version,
            String flag,
            List<String> tell,
            Instant at) {
        Hold hold = new Hold(
                "shop",
                "production",
                flag,
                3,
                cause,
                episode,
                List.of("conversion"),
                List.of("0 % of 412 purchase outcomes joined a user who saw the flag; example id user:<7>"),
                at.minusSeconds(60));
        return new Incident(
                hold.incidentId(),
                version,
                status,
                null,
                "quarter",
                "autorollout-on-conversion@3",
                "checkout-team",
                tell,
                List.of(),
                List.of(),
                at,
                null,
                null,
                null,
                at.plusSeconds(90),
                hold,
                null);
    }

    private static Stage stage(String name, Audience to, Double control) {
        return new Stage(name, to, control, Duration.ofHours(1), null, AdvanceMode.PROVEN, null, null);
    }

    private static MetricDefinition metric() {
        return new MetricDefinition(
                "shop",
                "checkout-conversion",
                1,
                "Checkout conversion",
                null,
                MetricKind.CONVERSION,
                "purchase",
                Duration.ofHours(24),
                MetricDefinition.GoodWhen.UP,
                null,
                null,
                null,
                "user",
                NOON);
    }

    /** What was said of another guardrail at the same time. */
    public static Verdict beside(String guardrail, String segment, Decision decision, double ratio) {
        return new Verdict(
                "shop",
                "production",
                FLAG,
                3,
                9,
                1,
                guardrail,
                guardrail,
                "on",
                segment,
                decision,
                List.of(),
                Guardrail.Limit.FALLS,
                0.2,
                Guardrail.Then.ROLLBACK,
                Guardrail.Scope.AUTO,
                new Estimate(ratio, ratio - 0.1, ratio + 0.1),
                new Counts(18_000, 720),
                new Counts(6_000, 240),
                18_000,
                6_000,
                6_100,
                Map.of(),
                1,
                Math.log(100),
                5,
                Math.log(20),
                40,
                NOON,
                null,
                NOON);
    }

    private static Verdict verdict(String flag, Instant at) {
        return new Verdict(
                "shop",
                "production",
                flag,
                3,
                9,
                1,
                "conversion",
                "checkout-conversion",
                "on",
                null,
                Decision.BREACHED,
                List.of(),
                Guardrail.Limit.FALLS,
                0.2,
                Guardrail.Then.ROLLBACK,
                Guardrail.Scope.AUTO,
                new Estimate(0.73, 0.55, 0.96),
                new Counts(18_000, 720),
                new Counts(6_000, 175),
                18_000,
                6_000,
                6_100,
                Map.of(),
                Math.log(198),
                Math.log(100),
                -5,
                Math.log(20),
                40,
                at,
                at.minusMillis(500),
                at);
    }
}
