// SPDX-License-Identifier: Apache-2.0
package dev.belay.evaluation;

import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.belay.contracts.Json;
import dev.belay.contracts.flags.Condition;
import dev.belay.contracts.flags.ForcedVariant;
import dev.belay.contracts.flags.Operator;
import dev.belay.contracts.flags.Serve;
import dev.belay.contracts.flags.TargetingRule;
import dev.belay.contracts.rollbacks.RollbackTarget;
import dev.belay.contracts.rollouts.Clause;
import dev.belay.contracts.rollouts.RolloutStatus;
import org.junit.jupiter.api.Test;

import static dev.belay.evaluation.Facts.definition;
import static dev.belay.evaluation.Facts.members;
import static dev.belay.evaluation.Facts.rollback;
import static dev.belay.evaluation.Facts.rollout;
import static org.assertj.core.api.Assertions.assertThat;

/** What people wrote themselves stands before a rollout: its end takes nothing of it away, and a kill takes all. */
class RulesAroundRollbacksTest {
    private static final RollbackTarget UK = RollbackTarget.segment("country", "UK");
    private static final TargetingRule USA_AND_INDIA = rule("usa-and-india", List.of("US", "IN"), "on");
    private static final List<String> COUNTRIES = List.of("US", "IN", "UK", "DE");

    private final Facts facts = new Facts().with(members(Enrolment.joined(Facts.REF), 1, "early"));

    @Test
    void whoeverHasItByRuleOrByChoiceKeepsItWhenTheRestBreaches() {
        ServedFlag running = written().onRollout(rollout(1, 3, RolloutStatus.RUNNING));
        ServedFlag breached = running.onRollback(rollback(1, RollbackTarget.ALL));

        for (String country : List.of("US", "IN")) {
            assertThat(from(running, country).assignment())
                    .as(country + " is never compared")
                    .isNull();
            assertThat(from(breached, country).variant()).isEqualTo("on");
            assertThat(from(breached, country).reason()).isEqualTo(EvaluationReason.TARGETING_MATCH);
        }
        assertThat(optedIn(breached).variant()).isEqualTo("on");
        assertThat(enrolled(breached).variant()).isEqualTo("on");
        assertThat(forced(breached).variant()).isEqualTo("on");
        assertThat(from(running, "UK").variant()).isEqualTo("on");
        assertThat(from(breached, "UK").variant()).isEqualTo("off");
        assertThat(from(breached.onRollout(rollout(1, 99, RolloutStatus.RUNNING)), "UK")
                        .variant())
                .as("no raise of the same epoch brings it back")
                .isEqualTo("off");
    }

    @Test
    void aKillTakesAll() {
        ServedFlag killed =
                written().onRollout(rollout(1, 3, RolloutStatus.RUNNING)).onRollback(rollback(1, RollbackTarget.KILL));

        COUNTRIES.forEach(country ->
                assertThat(from(killed, country).variant()).as(country).isEqualTo("off"));
        assertThat(optedIn(killed).variant()).isEqualTo("off");
        assertThat(enrolled(killed).variant()).isEqualTo("off");
        assertThat(forced(killed).variant()).isEqualTo("off");

        ServedFlag restored = killed.onRollout(rollout(2, 1, RolloutStatus.RESTORED));
        assertThat(from(restored, "US").variant()).as("what people wrote").isEqualTo("on");
        assertThat(from(restored, "UK").variant()).as("not the rollout").isEqualTo("off");
    }

    @Test
    void aKillAfterTheRolloutWasFoldedTakesAll() {
        ServedFlag killed = folded(1)
                .served()
                .onRollout(rollout(1, 5, RolloutStatus.COMPLETED))
                .onRollback(rollback(1, RollbackTarget.KILL));
        COUNTRIES.forEach(country ->
                assertThat(from(killed, country).variant()).as(country).isEqualTo("off"));
    }

    @Test
    void afterCompletionAnEditOfARuleChangesWhatIsServed() {
        TargetingRule notInGermany = rule("not-in-germany", List.of("DE"), "off");
        ServedFlag completed = definition().served().onRollout(rollout(1, 5, RolloutStatus.COMPLETED));
        assertThat(from(completed, "DE").variant()).isEqualTo("on");

        ServedFlag beforeTheFold = completed.onDefinition(
                definition().version(2).rules(notInGermany).build());
        assertThat(from(beforeTheFold, "DE").variant()).isEqualTo("off");
        assertThat(from(beforeTheFold, "US").variant()).isEqualTo("on");

        ServedFlag edited = completed
                .onDefinition(folded(1).version(2).build())
                .onDefinition(folded(1).version(3).rules(notInGermany).build());
        assertThat(from(edited, "DE").variant()).isEqualTo("off");
        assertThat(from(edited, "US").variant()).isEqualTo("on");

        ServedFlag another = edited.onDefinition(definition()
                .version(4)
                .serving(Serve.one("third"))
                .folded(1, "off")
                .build());
        assertThat(from(another, "US").variant()).isEqualTo("third");
    }

    @Test
    void aSegmentThatIsOutIsServedTheDefinitionThroughCompletionAndFold() {
        ServedFlag running = definition()
                .served()
                .onRollout(rollout(1, 3, RolloutStatus.RUNNING))
                .onRollback(rollback(1, UK));
        ServedFlag completed = running.onRollout(rollout(1, 9, RolloutStatus.COMPLETED));
        ServedFlag folded = completed.onDefinition(folded(1).version(2).build());

        for (ServedFlag flag : List.of(running, completed, folded)) {
            assertThat(from(flag, "UK").variant()).isEqualTo("off");
            assertThat(from(flag, "UK").assignment()).isNull();
            for (String other : List.of("US", "IN", "DE")) {
                assertThat(from(flag, other).variant()).as(other).isEqualTo("on");
            }
            assertThat(Evaluator.evaluate(flag, facts, new EvaluationContext("nowhere", Map.of(), Facts.NOW))
                            .variant())
                    .as("of no country")
                    .isEqualTo("on");
        }
    }

    @Test
    void aRuleStandsBeforeASegmentThatIsOutToo() {
        ServedFlag flag = definition()
                .version(2)
                .rules(rule("uk", List.of("UK"), "third"))
                .served()
                .onRollout(rollout(1, 3, RolloutStatus.RUNNING))
                .onRollback(rollback(1, UK));
        assertThat(from(flag, "UK").variant()).isEqualTo("third");
    }

    @Test
    void aSegmentThatIsOutOfAFoldedRolloutStaysSoWhileANewerRolloutDoesNotAdmitIt() {
        ServedFlag next = folded(1)
                .served()
                .onRollback(rollback(1, UK))
                .onRollout(rollout(2, 1, RolloutStatus.RUNNING, List.of("third"), Clause.ofSegment("beta", 100)));
        assertThat(from(next, "UK").variant()).as("the treatment that hurt it").isEqualTo("off");
        assertThat(from(next, "US").variant()).isEqualTo("on");

        ServedFlag rolledBack = next.onRollback(rollback(2, RollbackTarget.ALL));
        assertThat(from(rolledBack, "UK").variant()).isEqualTo("off");
        assertThat(from(rolledBack, "US").variant())
                .as("as if it were not there")
                .isEqualTo("on");
    }

    @Test
    void aSegmentThatIsOutOfANewerRolloutOnlyIsServedWhatWasFolded() {
        ServedFlag flag = folded(1)
                .served()
                .onRollout(rollout(2, 1, RolloutStatus.RUNNING, List.of("third")))
                .onRollback(rollback(2, UK));
        assertThat(from(flag, "UK").variant()).isEqualTo("on");
        assertThat(from(flag, "US").variant()).isEqualTo("third");
    }

    @Test
    void oneOfTwoTreatmentsThatIsOutIsServedToNobodyAndTheOtherGoesOn() {
        ServedFlag both = definition().served().onRollout(rollout(1, 1, RolloutStatus.RUNNING, List.of("on", "third")));
        ServedFlag one = both.onRollback(rollback(1, RollbackTarget.variant("on")));

        for (int i = 0; i < 100; i++) {
            String before = evaluate(both, user("u" + i)).variant();
            Evaluation after = evaluate(one, user("u" + i));
            assertThat(after.variant()).isEqualTo("on".equals(before) ? "off" : before);
            assertThat(after.assignment() == null).isEqualTo("on".equals(before));
        }
    }

    private ServedFlag written() {
        return definition()
                .rules(USA_AND_INDIA)
                .optIn()
                .forcing(new ForcedVariant("me", "on", null))
                .served();
    }

    private static Facts.Definition folded(int epoch) {
        return definition().serving(Serve.one("on")).folded(epoch, "off");
    }

    private static TargetingRule rule(String name, List<String> countries, String variant) {
        Condition where = Condition.of("country", Operator.EXACT, Json.tree(countries));
        return new TargetingRule(name, List.of(where), null, Serve.one(variant));
    }

    private Evaluation from(ServedFlag flag, String country) {
        return evaluate(flag, Facts.user("somebody", "country", country));
    }

    private Evaluation optedIn(ServedFlag flag) {
        return evaluate(flag, Facts.user("somebody", "$feature_enrollment/checkout", "true"));
    }

    private Evaluation enrolled(ServedFlag flag) {
        return evaluate(flag, user("early"));
    }

    private Evaluation forced(ServedFlag flag) {
        return evaluate(flag, user("me"));
    }

    private static EvaluationContext user(String id) {
        return new EvaluationContext(id, Map.of("country", (JsonNode) TextNode.valueOf("UK")), Facts.NOW);
    }

    private Evaluation evaluate(ServedFlag flag, EvaluationContext context) {
        return Evaluator.evaluate(flag, facts, context);
    }
}
