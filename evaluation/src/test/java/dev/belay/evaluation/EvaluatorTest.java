// SPDX-License-Identifier: Apache-2.0
package dev.belay.evaluation;

import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.belay.contracts.FlagRef;
import dev.belay.contracts.flags.Condition;
import dev.belay.contracts.flags.ForcedVariant;
import dev.belay.contracts.flags.Operator;
import dev.belay.contracts.flags.Serve;
import dev.belay.contracts.flags.TargetingRule;
import dev.belay.contracts.flags.Weighted;
import dev.belay.contracts.rollbacks.RollbackTarget;
import dev.belay.contracts.rollouts.Clause;
import dev.belay.contracts.rollouts.RolloutStatus;
import org.junit.jupiter.api.Test;

import static dev.belay.evaluation.Facts.definition;
import static dev.belay.evaluation.Facts.members;
import static dev.belay.evaluation.Facts.rollback;
import static dev.belay.evaluation.Facts.rollout;
import static dev.belay.evaluation.Facts.user;
import static org.assertj.core.api.Assertions.assertThat;

class EvaluatorTest {
    private static final String PRO_KEY = "plan";
    private static final TargetingRule PRO = new TargetingRule(
            "pro", List.of(Condition.of(PRO_KEY, Operator.EXACT, TextNode.valueOf("pro"))), null, Serve.one("third"));

    private final Facts facts = new Facts();

    @Test
    void anUnknownOrArchivedFlagIsNotFound() {
        assertThat(evaluate(ServedFlag.of(Facts.REF), user("u")).errorCode()).isEqualTo(ErrorCode.FLAG_NOT_FOUND);
        assertThat(evaluate(definition().archived().served(), user("u")).errorCode())
                .isEqualTo(ErrorCode.FLAG_NOT_FOUND);
    }

    @Test
    void aFlagWithoutRulesIsStatic() {
        Evaluation answer = evaluate(definition().served(), new EvaluationContext(null, Map.of(), Facts.NOW));
        assertThat(answer.variant()).isEqualTo("off");
        assertThat(answer.reason()).isEqualTo(EvaluationReason.STATIC);
    }

    @Test
    void aDisabledFlagServesItsOffVariant() {
        Evaluation answer =
                evaluate(definition().serving(Serve.one("on")).disabled().served(), user("u"));
        assertThat(answer.variant()).isEqualTo("off");
        assertThat(answer.reason()).isEqualTo(EvaluationReason.DISABLED);
    }

    @Test
    void aRuleStandsBeforeARollout() {
        ServedFlag flag = definition().rules(PRO).served().onRollout(rollout(1, 1, RolloutStatus.RUNNING));
        Evaluation pro = evaluate(flag, user("u", PRO_KEY, "pro"));
        assertThat(pro.variant()).isEqualTo("third");
        assertThat(pro.reason()).isEqualTo(EvaluationReason.TARGETING_MATCH);
        assertThat(pro.assignment()).isNull();
        assertThat(evaluate(flag, user("u")).variant()).isEqualTo("on");
    }

    @Test
    void whoOptedOutIsNeverRaised() {
        ServedFlag flag = definition().optIn().served().onRollout(rollout(1, 1, RolloutStatus.RUNNING));
        String choice = "$feature_enrollment/checkout";
        assertThat(evaluate(flag, user("u", choice, "false")).variant()).isEqualTo("off");
        assertThat(evaluate(flag, user("u", choice, "true")).assignment()).isNull();
        assertThat(evaluate(flag, user("u")).assignment()).isNotNull();
    }

    @Test
    void whoEnrolledIsServedWithoutSayingSo() {
        ServedFlag flag = definition().optIn().served().onRollout(rollout(1, 1, RolloutStatus.RUNNING));
        facts.with(members(Enrolment.joined(Facts.REF), 1, "in")).with(members(Enrolment.left(Facts.REF), 1, "out"));

        assertThat(evaluate(flag, user("in")).variant()).isEqualTo("on");
        assertThat(evaluate(flag, user("in")).assignment()).isNull();
        assertThat(evaluate(flag, user("out")).variant()).isEqualTo("off");
        assertThat(evaluate(flag, user("out", "$feature_enrollment/checkout", "true"))
                        .variant())
                .as("what the context says comes first")
                .isEqualTo("on");
        assertThat(evaluate(flag, user("else")).assignment()).isNotNull();
    }

    @Test
    void listsOfOptInsOfDifferentFlagsHaveDifferentNames() {
        String long1 = Enrolment.joined(new FlagRef("shop", "a".repeat(100), "b".repeat(100)));
        assertThat(long1).hasSizeLessThanOrEqualTo(100);
        assertThat(Enrolment.joined(new FlagRef("shop", "a.b", "c")))
                .isNotEqualTo(Enrolment.joined(new FlagRef("shop", "a", "b.c")));
        assertThat(Enrolment.keeps(long1)).isTrue();
        assertThat(Enrolment.keeps("beta")).isFalse();
    }

    @Test
    void aForcedUnitGetsItsVariantUntilItsTimeAndIsNeverCompared() {
        ServedFlag flag = definition()
                .rules(PRO)
                .forcing(
                        new ForcedVariant("me", "on", null),
                        new ForcedVariant("late", "on", Facts.NOW),
                        new ForcedVariant("held", "off", Facts.NOW.plusSeconds(1)))
                .served()
                .onRollout(rollout(1, 1, RolloutStatus.RUNNING));

        assertThat(evaluate(flag, user("me", PRO_KEY, "pro")).variant()).isEqualTo("on");
        assertThat(evaluate(flag, user("me")).assignment()).isNull();
        assertThat(evaluate(flag, user("held")).variant()).isEqualTo("off");
        assertThat(evaluate(flag, user("late")).assignment())
                .as("its time is over")
                .isNotNull();
    }

    @Test
    void aForcedUnitIsNotExceptedFromAKillNorFromADisabledFlag() {
        ForcedVariant me = new ForcedVariant("me", "on", null);
        ServedFlag killed = definition().forcing(me).served().without(RollbackTarget.KILL, 0);
        assertThat(evaluate(killed, user("me")).variant()).isEqualTo("off");
        assertThat(evaluate(definition().forcing(me).disabled().served(), user("me"))
                        .variant())
                .isEqualTo("off");
    }

    @Test
    void aRuleMayAskWhatAnotherFlagServes() {
        Condition base = Condition.of(Condition.FLAG + "base", Operator.EXACT, TextNode.valueOf("on"));
        ServedFlag flag = definition()
                .rules(new TargetingRule(null, List.of(base), null, Serve.one("third")))
                .served();
        assertThat(evaluate(flag, user("u", "$flag/base", "on")).variant())
                .as("a context does not speak for a flag")
                .isEqualTo("off");
        facts.with(definition().flag("base").serving(Serve.one("on")).served());
        assertThat(evaluate(flag, user("u")).variant()).isEqualTo("third");
    }

    @Test
    void whoIsHeldOutIsNeverRaised() {
        ServedFlag flag = definition().holdout(100).served().onRollout(rollout(1, 1, RolloutStatus.RUNNING));
        assertThat(evaluate(flag, user("u")).variant()).isEqualTo("third");
    }

    @Test
    void aPrerequisiteMustServeOneOfItsVariants() {
        ServedFlag flag =
                definition().serving(Serve.one("on")).requiring("base", "on").served();
        assertThat(evaluate(flag, user("u")).variant()).isEqualTo("off");
        facts.with(definition().flag("base").serving(Serve.one("on")).served());
        assertThat(evaluate(flag, user("u")).variant()).isEqualTo("on");
    }

    @Test
    void prerequisitesInACircleDoNotHold() {
        ServedFlag flag =
                definition().serving(Serve.one("on")).requiring("base", "on").served();
        facts.with(flag)
                .with(definition()
                        .flag("base")
                        .serving(Serve.one("on"))
                        .requiring("checkout", "on")
                        .served());
        assertThat(evaluate(flag, user("u")).variant()).isEqualTo("off");
    }

    @Test
    void aSplitFollowsTheVariantHash() {
        Serve half = Serve.split(List.of(new Weighted("on", 25), new Weighted("off", 75)));
        ServedFlag flag = definition().flag("new-checkout").serving(half).served();
        Evaluation answer = evaluate(flag, user("user-1"));
        assertThat(answer.variant()).as("hash 0.254 is past 25 %").isEqualTo("off");
        assertThat(answer.reason()).isEqualTo(EvaluationReason.SPLIT);
    }

    @Test
    void aHashWithoutAUnitIsMissingItsKey() {
        ServedFlag flag = definition().served().onRollout(rollout(1, 1, RolloutStatus.RUNNING, Clause.ofRest(50)));
        assertThat(evaluate(flag, new EvaluationContext(" ", Map.of(), Facts.NOW))
                        .errorCode())
                .isEqualTo(ErrorCode.TARGETING_KEY_MISSING);
    }

    @Test
    void whoIsNotAdmittedNeedsNoUnit() {
        facts.with(members("beta", 1, "b"));
        ServedFlag flag =
                definition().served().onRollout(rollout(1, 1, RolloutStatus.RUNNING, Clause.ofSegment("beta", 100)));
        assertThat(evaluate(flag, new EvaluationContext(null, Map.of(), Facts.NOW))
                        .variant())
                .isEqualTo("off");
    }

    @Test
    void anotherKindOfUnitIsAnAttribute() {
        ServedFlag flag = definition().bucketBy("device").served().onRollout(rollout(1, 1, RolloutStatus.RUNNING));
        assertThat(evaluate(flag, user("u")).errorCode()).isEqualTo(ErrorCode.TARGETING_KEY_MISSING);
        assertThat(evaluate(flag, user("u", "device", "d1")).variant()).isEqualTo("on");
    }

    @Test
    void theFirstClauseThatAdmitsDecides() {
        facts.with(members("beta", 1, "b"));
        ServedFlag flag = definition()
                .served()
                .onRollout(rollout(3, 2, RolloutStatus.RUNNING, Clause.ofSegment("beta", 100), Clause.ofRest(0)));
        Evaluation beta = evaluate(flag, user("b"));
        assertThat(beta.variant()).isEqualTo("on");
        assertThat(beta.treatment()).isTrue();
        assertThat(beta.assignment())
                .isEqualTo(
                        new Assignment(3, 1, "segment:beta", 1, Bucketing.bucket("checkout", "b", Bucketing.ROLLOUT)));
        Evaluation rest = evaluate(flag, user("r"));
        assertThat(rest.variant()).isEqualTo("off");
        assertThat(rest.assignment()).isNotNull();
        assertThat(rest.treatment()).isFalse();
    }

    @Test
    void whoIsNotAdmittedGetsTheDefinitionAndIsNotCompared() {
        ServedFlag flag = definition()
                .serving(Serve.one("third"))
                .served()
                .onRollout(rollout(3, 7, RolloutStatus.PAUSED, Clause.ofSegment("beta", 100)));
        Evaluation answer = evaluate(flag, user("r"));
        assertThat(answer.variant()).isEqualTo("third");
        assertThat(answer.assignment()).isNull();
        assertThat(answer.rolloutVersion()).isEqualTo(7);
    }

    @Test
    void aRolledBackFlagServesItsDefinition() {
        ServedFlag flag = definition()
                .served()
                .onRollback(rollback(1, RollbackTarget.ALL))
                .onRollout(rollout(1, 9, RolloutStatus.RUNNING));
        assertThat(evaluate(flag, user("u")).variant()).isEqualTo("off");
        assertThat(evaluate(flag.onRollout(rollout(2, 1, RolloutStatus.RUNNING)), user("u"))
                        .variant())
                .as("a new epoch")
                .isEqualTo("on");
    }

    @Test
    void aKilledFlagIsOffForEveryoneUntilANewEpoch() {
        ServedFlag flag = definition()
                .rules(PRO)
                .served()
                .onRollout(rollout(1, 1, RolloutStatus.RUNNING))
                .onRollback(rollback(1, RollbackTarget.KILL));
        assertThat(evaluate(flag, user("u", PRO_KEY, "pro")).variant()).isEqualTo("off");
        assertThat(evaluate(flag.onRollout(rollout(1, 99, RolloutStatus.RUNNING)), user("u"))
                        .reason())
                .isEqualTo(EvaluationReason.DISABLED);
        ServedFlag restored = flag.onRollout(rollout(2, 1, RolloutStatus.RESTORED));
        assertThat(evaluate(restored, user("u", PRO_KEY, "pro")).variant()).isEqualTo("third");
    }

    @Test
    void aKillNeedsNoRollout() {
        ServedFlag flag = definition().serving(Serve.one("on")).served().onRollback(rollback(0, RollbackTarget.KILL));
        assertThat(evaluate(flag, user("u")).variant()).isEqualTo("off");
    }

    @Test
    void aCompletedRolloutServesEveryoneUntilItIsFolded() {
        ServedFlag completed =
                definition().served().onRollout(rollout(1, 5, RolloutStatus.COMPLETED, Clause.ofRest(95)));
        Evaluation answer = evaluate(completed, user("new-checkout"));
        assertThat(answer.variant()).isEqualTo("on");
        assertThat(answer.assignment()).isNull();
        ServedFlag folded = completed.onDefinition(definition()
                .version(2)
                .serving(Serve.one("third"))
                .folded(1, "off")
                .build());
        assertThat(evaluate(folded, user("u")).variant()).isEqualTo("third");
    }

    @Test
    void aRollbackOfAFoldedEpochServesWhatStoodBefore() {
        ServedFlag folded = definition()
                .serving(Serve.one("on"))
                .folded(1, "off")
                .served()
                .onRollout(rollout(1, 5, RolloutStatus.COMPLETED));
        assertThat(evaluate(folded, user("u")).variant()).isEqualTo("on");
        assertThat(evaluate(folded.onRollback(rollback(1, RollbackTarget.ALL)), user("u"))
                        .variant())
                .isEqualTo("off");
        assertThat(evaluate(folded.onRollback(rollback(1, RollbackTarget.variant("on"))), user("u"))
                        .variant())
                .isEqualTo("off");
    }

    @Test
    void aRollbackOfANewerRolloutLeavesTheFoldAlone() {
        ServedFlag flag = definition()
                .serving(Serve.one("on"))
                .folded(1, "off")
                .served()
                .onRollout(rollout(2, 1, RolloutStatus.RUNNING, List.of("third")))
                .onRollback(rollback(2, RollbackTarget.ALL));
        assertThat(evaluate(flag, user("u")).variant()).isEqualTo("on");
    }

    @Test
    void aVariantThatIsOutIsServedToNobodyByTheRollout() {
        ServedFlag flag = definition()
                .served()
                .onRollout(rollout(1, 1, RolloutStatus.RUNNING, List.of("on", "third")))
                .onRollback(rollback(1, RollbackTarget.variant("on")));
        assertThat(List.of("a", "b", "c", "d", "e", "f", "g", "h"))
                .extracting(id -> evaluate(flag, user(id)).variant())
                .containsOnly("off", "third");
    }

    @Test
    void aSegmentThatIsOutGetsTheDefinition() {
        ServedFlag flag = definition()
                .served()
                .onRollout(rollout(1, 1, RolloutStatus.RUNNING))
                .onRollback(rollback(1, RollbackTarget.segment("country", "DE")));
        assertThat(evaluate(flag, user("u", "country", "DE")).variant()).isEqualTo("off");
        assertThat(evaluate(flag, user("u", "country", "DE")).assignment()).isNull();
        assertThat(evaluate(flag, user("u", "country", "FR")).variant()).isEqualTo("on");
    }

    @Test
    void aTreatmentTheDefinitionLacksIsNotServed() {
        ServedFlag flag = definition().served().onRollout(rollout(1, 1, RolloutStatus.RUNNING, List.of("gone")));
        assertThat(evaluate(flag, user("u")).variant()).isEqualTo("off");
    }

    private Evaluation evaluate(ServedFlag flag, EvaluationContext context) {
        return Evaluator.evaluate(flag, facts, context);
    }
}
