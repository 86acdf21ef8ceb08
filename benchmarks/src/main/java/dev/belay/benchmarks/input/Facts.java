// SPDX-License-Identifier: Apache-2.0
package dev.belay.benchmarks.input;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

import com.fasterxml.jackson.databind.node.BooleanNode;
import dev.belay.contracts.Actor;
import dev.belay.contracts.FlagRef;
import dev.belay.contracts.Unit;
import dev.belay.contracts.flags.FlagDefinition;
import dev.belay.contracts.flags.FlagType;
import dev.belay.contracts.flags.Serve;
import dev.belay.contracts.flags.Variant;
import dev.belay.contracts.keys.ApiKey;
import dev.belay.contracts.keys.Scope;
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
import dev.belay.http.KeyText;

/** What flag-config-service and rollout-scheduler would have said: project shop, environment production. */
public final class Facts {
    public static final String PROJECT = "shop";
    public static final String ENVIRONMENT = "production";
    public static final String CONTROL = "off";
    public static final String TREATMENT = "on";
    public static final String PURCHASE = "purchase";

    private static final double HALF = 50;
    private static final double FALLS = 0.2;

    private Facts() {}

    public static FlagRef ref(String flag) {
        return new FlagRef(PROJECT, ENVIRONMENT, flag);
    }

    /** Returns a boolean flag that is off for everyone whom no rollout admits. */
    public static FlagDefinition flag(String flag, Instant now) {
        return new FlagDefinition(
                PROJECT,
                ENVIRONMENT,
                flag,
                1,
                null,
                null,
                List.of(),
                FlagType.BOOLEAN,
                true,
                false,
                List.of(new Variant(CONTROL, BooleanNode.FALSE), new Variant(TREATMENT, BooleanNode.TRUE)),
                CONTROL,
                Serve.one(CONTROL),
                List.of(),
                List.of(),
                null,
                null,
                Unit.USER,
                FlagDefinition.ExposeOn.EVALUATION,
                null,
                null,
                now);
    }

    /** Returns a running rollout to half of everyone, guarded by "conversion falls 20 %". */
    public static RolloutState rollout(String flag, Instant now) {
        Plan plan = plan(now);
        return new RolloutState(
                PROJECT,
                ENVIRONMENT,
                flag,
                1,
                1,
                RolloutStatus.RUNNING,
                plan,
                List.of(new Allocation(1, 0, StageClauses.of(plan, 0), now)),
                now,
                null,
                false,
                Actor.service("benchmarks"),
                "started",
                now,
                now);
    }

    /** Returns a key that may evaluate flags and send events there. */
    public static ApiKey key(KeyText text, Instant now) {
        return new ApiKey(
                text.id(),
                1,
                text.hash(),
                "benchmarks",
                Set.of(Scope.SERVER),
                null,
                PROJECT,
                ENVIRONMENT,
                now,
                null,
                false);
    }

    private static Plan plan(Instant now) {
        Stage half = new Stage(
                "half", Audience.percent(HALF), null, Duration.ofHours(1), null, AdvanceMode.BY_HAND, null, null);
        Guardrail guardrail = new Guardrail(
                "conversion",
                "conversion",
                Guardrail.Limit.FALLS,
                FALLS,
                null,
                null,
                Guardrail.Then.ROLLBACK,
                Guardrail.Scope.AUTO);
        return new Plan(
                null,
                null,
                null,
                CONTROL,
                List.of(TREATMENT),
                List.of(half),
                List.of(),
                List.of(guardrail),
                List.of(),
                List.of(),
                Sensitivity.BALANCED,
                List.of(),
                List.of(conversion(now)),
                Plan.ALPHA,
                Plan.BETA);
    }

    private static MetricDefinition conversion(Instant now) {
        return new MetricDefinition(
                PROJECT,
                "conversion",
                1,
                null,
                null,
                MetricKind.CONVERSION,
                PURCHASE,
                Duration.ofHours(24),
                MetricDefinition.GoodWhen.UP,
                null,
                null,
                null,
                Unit.USER,
                now);
    }
}
