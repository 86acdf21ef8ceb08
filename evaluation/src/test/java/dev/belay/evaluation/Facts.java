// SPDX-License-Identifier: Apache-2.0
package dev.belay.evaluation;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.belay.contracts.Actor;
import dev.belay.contracts.FlagRef;
import dev.belay.contracts.flags.FlagDefinition;
import dev.belay.contracts.flags.FlagType;
import dev.belay.contracts.flags.Fold;
import dev.belay.contracts.flags.ForcedVariant;
import dev.belay.contracts.flags.Holdout;
import dev.belay.contracts.flags.OptIn;
import dev.belay.contracts.flags.Prerequisite;
import dev.belay.contracts.flags.Segment;
import dev.belay.contracts.flags.Serve;
import dev.belay.contracts.flags.TargetingRule;
import dev.belay.contracts.flags.Variant;
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
import org.jspecify.annotations.Nullable;

/** Facts the tests of this package start from: flag {@code checkout} with variants off, on and third; on is raised. */
final class Facts implements Snapshot {
    static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");
    static final FlagRef REF = new FlagRef("shop", "production", "checkout");

    private final Map<FlagRef, ServedFlag> flags = new HashMap<>();
    private final Map<String, KnownSegment> segments = new HashMap<>();

    @Override
    public @Nullable ServedFlag flag(FlagRef ref) {
        return flags.get(ref);
    }

    @Override
    public @Nullable KnownSegment segment(String project, String segment) {
        return segments.get(project + "/" + segment);
    }

    Facts with(ServedFlag flag) {
        flags.put(flag.ref(), flag);
        return this;
    }

    Facts with(Segment segment) {
        segments.merge(
                segment.project() + "/" + segment.segment(),
                KnownSegment.UNKNOWN.on(segment),
                (known, other) -> known.on(segment));
        return this;
    }

    static Definition definition() {
        return new Definition();
    }

    static EvaluationContext user(String id) {
        return new EvaluationContext(id, Map.of(), NOW);
    }

    static EvaluationContext user(String id, String attribute, String value) {
        return new EvaluationContext(id, Map.of(attribute, (JsonNode) TextNode.valueOf(value)), NOW);
    }

    static Segment members(String name, long version, String... ids) {
        return new Segment("shop", name, version, null, "user", List.of(), List.of(ids), 0, null, NOW);
    }

    static Rollback rollback(int epoch, RollbackTarget target) {
        return new Rollback("shop", "production", "checkout", epoch, target, "test", null, Actor.service("test"), NOW);
    }

    static RolloutState rollout(int epoch, long version, RolloutStatus status, Clause... clauses) {
        return rollout(epoch, version, status, List.of("on"), clauses);
    }

    static RolloutState rollout(
            int epoch, long version, RolloutStatus status, List<String> treatments, Clause... clauses) {
        List<Allocation> allocations = status == RolloutStatus.RESTORED
                ? List.of()
                : List.of(new Allocation(
                        1, 0, clauses.length == 0 ? List.of(Clause.ofRest(100)) : List.of(clauses), NOW));
        return new RolloutState(
                "shop",
                "production",
                "checkout",
                epoch,
                version,
                status,
                status == RolloutStatus.RESTORED ? null : plan(treatments),
                allocations,
                NOW,
                null,
                false,
                Actor.service("test"),
                "test",
                NOW,
                NOW);
    }

    private static Plan plan(List<String> treatments) {
        Stage all = new Stage("all", Audience.percent(100), null, Duration.ZERO, null, AdvanceMode.BY_HAND, null, null);
        return new Plan(
                null,
                null,
                null,
                "off",
                treatments,
                List.of(all),
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

    /** A definition whose default rule serves {@code off}, to be changed part by part. */
    static final class Definition {
        private String flag = "checkout";
        private long version = 1;
        private boolean enabled = true;
        private boolean archived;
        private Serve defaultRule = Serve.one("off");
        private List<TargetingRule> rules = List.of();
        private List<Prerequisite> prerequisites = List.of();
        private @Nullable OptIn optIn;
        private @Nullable Holdout holdout;
        private String bucketBy = "user";
        private @Nullable Fold fold;
        private List<ForcedVariant> forced = List.of();

        Definition flag(String key) {
            flag = key;
            return this;
        }

        Definition version(long number) {
            version = number;
            return this;
        }

        Definition disabled() {
            enabled = false;
            return this;
        }

        Definition archived() {
            archived = true;
            return this;
        }

        Definition serving(Serve rule) {
            defaultRule = rule;
            return this;
        }

        Definition rules(TargetingRule... list) {
            rules = List.of(list);
            return this;
        }

        Definition requiring(String other, String variant) {
            prerequisites = List.of(new Prerequisite(other, List.of(variant)));
            return this;
        }

        Definition optIn() {
            optIn = new OptIn("on", "off");
            return this;
        }

        Definition holdout(double percent) {
            holdout = new Holdout("h", percent, "third");
            return this;
        }

        Definition bucketBy(String kind) {
            bucketBy = kind;
            return this;
        }

        Definition folded(int epoch, String before) {
            fold = new Fold(epoch, Serve.one(before));
            return this;
        }

        Definition forcing(ForcedVariant... list) {
            forced = List.of(list);
            return this;
        }

        FlagDefinition build() {
            List<Variant> variants = List.of(
                    new Variant("off", BooleanNode.FALSE),
                    new Variant("on", BooleanNode.TRUE),
                    new Variant("third", BooleanNode.TRUE));
            return new FlagDefinition(
                    "shop",
                    "production",
                    flag,
                    version,
                    null,
                    null,
                    List.of(),
                    FlagType.BOOLEAN,
                    enabled,
                    archived,
                    variants,
                    "off",
                    defaultRule,
                    rules,
                    prerequisites,
                    optIn,
                    holdout,
                    bucketBy,
                    FlagDefinition.ExposeOn.EVALUATION,
                    null,
                    fold,
                    forced,
                    NOW);
        }

        ServedFlag served() {
            FlagDefinition definition = build();
            return ServedFlag.of(definition.ref()).onDefinition(definition);
        }
    }
}
