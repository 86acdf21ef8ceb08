// SPDX-License-Identifier: Apache-2.0
package dev.belay.contracts;

import java.util.List;

import dev.belay.contracts.flags.Serve;
import dev.belay.contracts.flags.Weighted;
import dev.belay.contracts.keys.Role;
import dev.belay.contracts.rollbacks.RollbackTarget;
import dev.belay.contracts.rollouts.Audience;
import dev.belay.contracts.rollouts.Clause;
import dev.belay.contracts.rollouts.Guardrail;
import dev.belay.contracts.rollouts.RolloutTemplate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class RecordRefusalsTest {
    @ParameterizedTest
    @ValueSource(strings = {"all", "kill", "variant:b", "segment:country=UK", "segment:plan=a=b"})
    void readsATargetFromItsText(String text) {
        assertThat(RollbackTarget.parse(text).text()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "everything", "segment:country", "variant:", "kill:x"})
    void refusesATextThatIsNoTarget(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> RollbackTarget.parse(text));
    }

    @Test
    void keepsTheTextOfAFlagReference() {
        assertThat(FlagRef.parse("shop/production/new-checkout").key()).isEqualTo("shop/production/new-checkout");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FlagRef.parse("shop/new-checkout"))
                .withMessage("key must have the form project/environment/flag, was shop/new-checkout");
    }

    @Test
    void refusesASplitThatDoesNotAddUp() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Serve.split(List.of(new Weighted("a", 40), new Weighted("b", 50))))
                .withMessage("serve.split must add up to 100 percent, was 90.0");
    }

    @Test
    void refusesALimitThatCannotBeCrossed() {
        assertThatIllegalArgumentException().isThrownBy(() -> falls(1.0)).withMessageContaining("guardrail.falls");
        assertThatIllegalArgumentException().isThrownBy(() -> falls(0)).withMessageContaining("was 0.0");
        assertThat(falls(0.2).isRelative()).isTrue();
    }

    @Test
    void whatCannotBeReadSaysFieldRuleAndValueInEveryTopic() {
        for (Topic<?> topic : Topics.all()) {
            assertThatIllegalArgumentException()
                    .as(topic.name())
                    .isThrownBy(() -> Json.read("{}", topic.type()))
                    .withMessageMatching(".*: .*[a-zA-Z.]+ (must|is required).*, was null");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Json.read("{\"stages\":[{\"name\":7,\"atLeast\":\"soon\"}]}", RolloutTemplate.class))
                .withMessageStartingWith("RolloutTemplate: stages.0.atLeast: ")
                .withMessageContaining("\"soon\"");
    }

    @Test
    void refusesAnAudienceOfNobody() {
        assertThatIllegalArgumentException().isThrownBy(() -> Audience.percent(0));
        assertThatIllegalArgumentException().isThrownBy(() -> new Audience("beta", 5.0));
    }

    @Test
    void treatsUpToAndWithItsPercentage() {
        Clause five = Clause.ofRest(5);

        assertThat(five.treats(0.05)).isTrue();
        assertThat(five.treats(0.0500001)).isFalse();
        assertThat(Clause.ofRest(0).treats(0)).isFalse();
        assertThat(Clause.ofRest(100).treats(1)).isTrue();
    }

    @Test
    void givesTheRightToStopToMoreRolesThanTheRightToRaise() {
        assertThat(Role.EDITOR.includes(Role.OPERATOR)).isTrue();
        assertThat(Role.OPERATOR.includes(Role.RELEASER)).isFalse();
        assertThat(Role.EDITOR.includes(Role.RELEASER)).isFalse();
        assertThat(Role.VIEWER.includes(Role.OPERATOR)).isFalse();
    }

    private static Guardrail falls(double threshold) {
        return new Guardrail(
                "g", "m", Guardrail.Limit.FALLS, threshold, null, null, Guardrail.Then.ROLLBACK, Guardrail.Scope.AUTO);
    }
}
