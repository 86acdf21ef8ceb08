// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollback.decision;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import dev.belay.contracts.rollbacks.Rollback;
import dev.belay.contracts.rollouts.AdvanceMode;
import dev.belay.contracts.rollouts.Audience;
import dev.belay.contracts.rollouts.Guardrail;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.rollouts.Sensitivity;
import dev.belay.contracts.rollouts.Stage;
import dev.belay.contracts.served.Served;
import dev.belay.contracts.verdicts.Counts;
import dev.belay.contracts.verdicts.Decision;
import dev.belay.contracts.verdicts.Estimate;
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
