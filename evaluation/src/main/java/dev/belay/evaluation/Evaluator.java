// SPDX-License-Identifier: Apache-2.0
package dev.belay.evaluation;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.contracts.FlagRef;
import dev.belay.contracts.flags.FlagDefinition;
import dev.belay.contracts.flags.ForcedVariant;
import dev.belay.contracts.flags.Holdout;
import dev.belay.contracts.flags.OptIn;
import dev.belay.contracts.flags.Prerequisite;
import dev.belay.contracts.flags.Serve;
import dev.belay.contracts.flags.TargetingRule;
import dev.belay.contracts.flags.Variant;
import dev.belay.contracts.flags.Weighted;
import dev.belay.contracts.rollouts.Allocation;
import dev.belay.contracts.rollouts.Clause;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.rollouts.RolloutState;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates a flag for a context. The order is that of PostHog's server: disabled or killed, prerequisites, what is forced
 * on a unit, opt-in, holdout, targeting rules; whoever none of them decides for gets the default rule, which a rollout in force refines.
 */
public final class Evaluator {
    private static final double PERCENT = 100;

    private final Snapshot snapshot;
    private final EvaluationContext context;
    private final Set<FlagRef> entered = new HashSet<>();

    private Evaluator(Snapshot snapshot, EvaluationContext context) {
        this.snapshot = snapshot;
        this.context = context;
    }

    /**
     * Evaluates {@code flag}.
     *
     * @param snapshot the segments and other flags it may name
     */
    public static Evaluation evaluate(ServedFlag flag, Snapshot snapshot, EvaluationContext context) {
        return new Evaluator(snapshot, context).evaluate(flag);
    }

    private Evaluation evaluate(ServedFlag flag) {
        FlagDefinition definition = flag.definition();
        if (definition == null || definition.archived()) {
            String key = flag.ref().flag();
            return Evaluation.error(ErrorCode.FLAG_NOT_FOUND, "flag '" + key + "' was not found");
        }
        try {
            entered.add(flag.ref());
            return new Pass(flag, definition).decide();
        } catch (MissingUnit e) {
            return Evaluation.error(
                    ErrorCode.TARGETING_KEY_MISSING,
                    "context names no unit of kind '" + definition.bucketBy() + "', which the flag hashes");
        } finally {
            entered.remove(flag.ref());
        }
    }

    private static final class MissingUnit extends RuntimeException {
        private static final long serialVersionUID = 1L;

        MissingUnit() {
            super("no unit", null, false, false);
        }
    }

    /** One flag's turn; prerequisites take turns of their own within it. */
    private final class Pass {
        private final ServedFlag flag;
        private final FlagDefinition definition;
        private final Conditions conditions;

        Pass(ServedFlag flag, FlagDefinition definition) {
            this.flag = flag;
            this.definition = definition;
            this.conditions = new Conditions(definition.project(), snapshot, context, this::servedBy);
        }

        Evaluation decide() {
            if (!definition.enabled() || flag.isKilled() || !prerequisitesHold()) {
                return serve(definition.offVariant(), EvaluationReason.DISABLED);
            }
            return byForce()
                    .or(this::byChoice)
                    .or(this::byHoldout)
                    .or(this::byRules)
                    .or(this::byRollout)
                    .orElseGet(this::byDefault);
        }

        private boolean prerequisitesHold() {
            for (Prerequisite prerequisite : definition.prerequisites()) {
                if (!holds(prerequisite)) {
                    return false;
                }
            }
            return true;
        }

        private boolean holds(Prerequisite prerequisite) {
            String served = servedBy(prerequisite.flag());
            return served != null && prerequisite.variants().contains(served);
        }

        /** Returns the variant that another flag serves; null when there is none, or it asks for this one. */
        private @Nullable String servedBy(String key) {
            FlagRef other = new FlagRef(definition.project(), definition.environment(), key);
            ServedFlag required = entered.contains(other) ? null : snapshot.flag(other);
            return required == null ? null : evaluate(required).variant();
        }

        private Optional<Evaluation> byForce() {
            if (definition.forced().isEmpty()) {
                return Optional.empty();
            }
            String unit = context.unit(definition.bucketBy());
            for (ForcedVariant forced : definition.forced()) {
                if (forced.unit().equals(unit) && forced.holds(context.now())) {
                    return Optional.of(serve(forced.variant(), EvaluationReason.TARGETING_MATCH));
                }
            }
            return Optional.empty();
        }

        /** What the context says of a unit's choice comes before what was enrolled. */
        private Optional<Evaluation> byChoice() {
            OptIn optIn = definition.optIn();
            if (optIn == null) {
                return Optional.empty();
            }
            JsonNode choice = context.attribute("$feature_enrollment/" + definition.flag());
            if (choice != null) {
                boolean in = Comparison.text(choice).equals("true");
                return Optional.of(serve(in ? optIn.in() : optIn.out(), EvaluationReason.TARGETING_MATCH));
            }
            if (conditions.inSegment(Enrolment.joined(flag.ref()))) {
                return Optional.of(serve(optIn.in(), EvaluationReason.TARGETING_MATCH));
            }
            return conditions.inSegment(Enrolment.left(flag.ref()))
                    ? Optional.of(serve(optIn.out(), EvaluationReason.TARGETING_MATCH))
                    : Optional.empty();
        }

        private Optional<Evaluation> byHoldout() {
            Holdout holdout = definition.holdout();
            if (holdout == null || Bucketing.holdoutBucket(unit()) > holdout.percent() / PERCENT) {
                return Optional.empty();
            }
            return Optional.of(serve(holdout.serve(), EvaluationReason.SPLIT));
        }

        private Optional<Evaluation> byRules() {
            for (TargetingRule rule : definition.rules()) {
                if (conditions.allHold(rule.when()) && holds(rule.percent())) {
                    return Optional.of(serve(rule.serve(), reason(rule)));
                }
            }
            return Optional.empty();
        }

        private boolean holds(@Nullable Double percent) {
            return percent == null || percent >= PERCENT || bucket(Bucketing.ROLLOUT) <= percent / PERCENT;
        }

        private EvaluationReason reason(TargetingRule rule) {
            return rule.when().isEmpty() && rule.percent() != null
                    ? EvaluationReason.SPLIT
                    : EvaluationReason.TARGETING_MATCH;
        }

        private Optional<Evaluation> byRollout() {
            RolloutState unfolded = flag.unfolded().orElse(null);
            if (unfolded != null) {
                return treatment(unfolded, EvaluationReason.TARGETING_MATCH)
                        .map(treated -> treated.by(unfolded.version(), true, null));
            }
            RolloutState rollout = flag.inForce().orElse(null);
            Allocation allocation =
                    rollout == null ? null : rollout.allocation().orElse(null);
            if (rollout == null || allocation == null) {
                return Optional.empty();
            }
            return admitting(allocation).flatMap(clause -> arm(rollout, allocation, clause));
        }

        private Optional<Clause> admitting(Allocation allocation) {
            for (Clause clause : allocation.clauses()) {
                if (clause.segment() == null || conditions.inSegment(clause.segment())) {
                    return Optional.of(clause);
                }
            }
            return Optional.empty();
        }

        private Optional<Evaluation> arm(RolloutState rollout, Allocation allocation, Clause clause) {
            double bucket = bucket(Bucketing.ROLLOUT);
            boolean treats = clause.treats(bucket);
            EvaluationReason reason = clause.segment() != null && !clause.hasBothArms()
                    ? EvaluationReason.TARGETING_MATCH
                    : EvaluationReason.SPLIT;
            Assignment how = new Assignment(
                    rollout.epoch(), allocation.number(), clause.id(), clause.percent() / PERCENT, bucket);
            Optional<Evaluation> served = treats ? treatment(rollout, reason) : control(rollout, reason);
            return served.map(answer -> answer.by(rollout.version(), treats, how));
        }

        /** Returns the unit's treatment; nothing when it is out, and then the definition alone decides. */
        private Optional<Evaluation> treatment(RolloutState rollout, EvaluationReason reason) {
            Plan plan = rollout.plan();
            if (plan == null || flag.isSegmentOut(context)) {
                return Optional.empty();
            }
            String variant = pick(plan.treatments());
            return flag.isVariantOut(variant)
                    ? Optional.empty()
                    : definition.variant(variant).map(found -> Evaluation.of(found, reason));
        }

        private Optional<Evaluation> control(RolloutState rollout, EvaluationReason reason) {
            Plan plan = rollout.plan();
            if (plan == null || flag.isSegmentOut(context)) {
                return Optional.empty();
            }
            return definition.variant(plan.control()).map(found -> Evaluation.of(found, reason));
        }

        private String pick(List<String> treatments) {
            if (treatments.size() == 1) {
                return treatments.get(0);
            }
            int index = (int) (bucket(Bucketing.VARIANT) * treatments.size());
            return treatments.get(Math.min(index, treatments.size() - 1));
        }

        private Evaluation byDefault() {
            boolean decided = definition.rules().isEmpty()
                    && definition.optIn() == null
                    && definition.holdout() == null
                    && definition.prerequisites().isEmpty();
            Evaluation answer = serve(
                    flag.ruleAlone(definition, context), decided ? EvaluationReason.STATIC : EvaluationReason.DEFAULT);
            long version = flag.inForce().map(RolloutState::version).orElse(0L);
            return version == 0 ? answer : answer.by(version, false, null);
        }

        private Evaluation serve(Serve serve, EvaluationReason otherwise) {
            List<Weighted> split = serve.split();
            if (split != null) {
                return serve(pickWeighted(split), EvaluationReason.SPLIT);
            }
            return serve(String.valueOf(serve.variant()), otherwise);
        }

        private String pickWeighted(List<Weighted> split) {
            double bucket = bucket(Bucketing.VARIANT);
            double boundary = 0;
            for (Weighted part : split) {
                boundary += part.percent() / PERCENT;
                if (bucket < boundary) {
                    return part.variant();
                }
            }
            return split.get(split.size() - 1).variant();
        }

        private Evaluation serve(String variant, EvaluationReason reason) {
            Variant found = definition.variant(variant).orElse(null);
            return found == null
                    ? Evaluation.error(ErrorCode.GENERAL, "flag has no variant '" + variant + "'")
                    : Evaluation.of(found, reason);
        }

        private double bucket(String salt) {
            return Bucketing.bucket(definition.flag(), unit(), salt);
        }

        private String unit() {
            String id = context.unit(definition.bucketBy());
            if (id == null) {
                throw new MissingUnit();
            }
            return id;
        }
    }
}
