// SPDX-License-Identifier: Apache-2.0
package dev.belay.watcher;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import dev.belay.contracts.Actor;
import dev.belay.contracts.Unit;
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

/** Rollouts for tests. */
public final class RolloutSamples {
    private RolloutSamples() {}

    /** Half of everyone, guarded by "conversion falls 20 %". */
    public static RolloutState half(String flag) {
        Instant now = Instant.now();
        Plan plan = new Plan(
                null,
                null,
                null,
                "off",
                List.of("on"),
                List.of(new Stage(
                        "half",
                        Audience.percent(50),
                        null,
                        Duration.ofHours(1),
                        null,
                        AdvanceMode.BY_HAND,
                        null,
                        null)),
                List.of(),
                List.of(new Guardrail(
                        "conversion",
                        "conversion",
                        Guardrail.Limit.FALLS,
                        0.2,
                        null,
                        null,
                        Guardrail.Then.ROLLBACK,
                        Guardrail.Scope.AUTO)),
                List.of(),
                List.of(),
                Sensitivity.BALANCED,
                List.of(),
                List.of(new MetricDefinition(
                        "shop",
                        "conversion",
                        1,
                        null,
                        null,
                        MetricKind.CONVERSION,
                        "purchase",
                        Duration.ofHours(24),
                        MetricDefinition.GoodWhen.UP,
                        null,
                        null,
                        null,
                        Unit.USER,
                        now)),
                Plan.ALPHA,
                Plan.BETA);
        return new RolloutState(
                "shop",
                "production",
                flag,
                1,
                1,
                RolloutStatus.RUNNING,
                plan,
                List.of(new Allocation(1, 0, StageClauses.of(plan, 0), now)),
                now,
                null,
                false,
                Actor.person("ada"),
                "started",
                now,
                now);
    }
}
