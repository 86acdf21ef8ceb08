// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import dev.belay.contracts.Actor;
import dev.belay.contracts.flags.FlagDefinition;
import dev.belay.contracts.flags.FlagType;
import dev.belay.contracts.flags.Serve;
import dev.belay.contracts.flags.Variant;
import dev.belay.contracts.keys.ApiKey;
import dev.belay.contracts.keys.Scope;
import dev.belay.contracts.rollbacks.Rollback;
import dev.belay.contracts.rollbacks.RollbackTarget;
import dev.belay.contracts.rollouts.AdvanceMode;
import dev.belay.contracts.rollouts.Allocation;
import dev.belay.contracts.rollouts.Audience;
import dev.belay.contracts.rollouts.Clause;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.rollouts.RolloutStatus;
import dev.belay.contracts.rollouts.Sensitivity;
import dev.belay.contracts.rollouts.Stage;
import dev.belay.http.KeyText;

/** Facts the tests of the edge start from: project shop, environment production, variants off and on. */
public final class EdgeFacts {
    public static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");

    private EdgeFacts() {}

    public static FlagDefinition definition(String flag, long version) {
        return definition(flag, version, FlagType.BOOLEAN, BooleanNode.FALSE, BooleanNode.TRUE);
    }

    public static FlagDefinition definition(String flag, long version, FlagType type, JsonNode off, JsonNode on) {
        return new FlagDefinition(
                "shop",
                "production",
                flag,
                version,
                null,
                null,
                List.of(),
                type,
                true,
                false,
                List.of(new Variant("off", off), new Variant("on", on)),
                "off",
                Serve.one("off"),
                List.of(),
                List.of(),
                null,
                null,
                "user",
                FlagDefinition.ExposeOn.EVALUATION,
                null,
                null,
                NOW);
    }

    public static RolloutState rollout(String flag, int epoch, long version, double percent) {
        return rollout(flag, epoch, version, RolloutStatus.RUNNING, percent);
    }

    public static RolloutState rollout(String flag, int epoch, long version, RolloutStatus status, double percent) {
        Stage stage =
                new Stage("all", Audience.percent(100), null, Duration.ZERO, null, AdvanceMode.BY_HAND, null, null);
        Plan plan = new Plan(
                null,
                null,
                null,
                "off",
                List.of("on"),
                List.of(stage),
                List.of(),
                List.of(),
                List.of(),
                List.of("country"),
                Sensitivity.BALANCED,
                List.of(),
                List.of(),
                Plan.ALPHA,
                Plan.BETA);
        return new RolloutState(
                "shop",
                "production",
                flag,
                epoch,
                version,
                status,
                plan,
                List.of(new Allocation(1, 0, List.of(Clause.ofRest(percent)), NOW)),
                NOW,
                null,
                false,
                Actor.service("test"),
                "test",
                NOW,
                NOW);
    }

    public static ApiKey key(KeyText text, long version, Scope scope, String project, String environment) {
        return new ApiKey(
                text.id(),
                version,
                text.hash(),
                scope.name(),
                Set.of(scope),
                null,
                project,
                environment,
                NOW,
                null,
                false);
    }

    public static ApiKey revoked(ApiKey key) {
        return new ApiKey(
                key.id(),
                key.version() + 1,
                key.hash(),
                key.name(),
                key.scopes(),
                key.role(),
                key.project(),
                key.environment(),
                key.createdAt(),
                key.expiresAt(),
                true);
    }

    public static ApiKey expiring(ApiKey key, Instant at) {
        return new ApiKey(
                key.id(),
                key.version(),
                key.hash(),
                key.name(),
                key.scopes(),
                key.role(),
                key.project(),
                key.environment(),
                key.createdAt(),
                at,
                false);
    }

    public static Rollback rollback(String flag, int epoch, RollbackTarget target) {
        return new Rollback("shop", "production", flag, epoch, target, "test", null, Actor.service("test"), NOW);
    }
}
