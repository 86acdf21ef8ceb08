// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollback.decision;

import java.util.EnumSet;

import dev.belay.contracts.rollbacks.Rollback;
import dev.belay.contracts.rollbacks.RollbackTarget;
import dev.belay.contracts.rollouts.Guardrail;
import dev.belay.contracts.verdicts.Decision;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static dev.belay.rollback.decision.Samples.NOON;
import static dev.belay.rollback.decision.Samples.breach;
import static dev.belay.rollback.decision.Samples.verdict;
import static org.assertj.core.api.Assertions.assertThat;

class RollbackDeciderTest {
    @Test
    void takesOutTheWholeRolloutWhenItsOnlyTreatmentBreaches() {
        Rollback rollback = RollbackDecider.decide(breach(), null).orElseThrow();

        assertThat(rollback.recordKey()).isEqualTo("shop/production/new-checkout#3#all");
        assertThat(rollback.reason())
                .isEqualTo("checkout-conversion -27 % against control (limit: falls 20 %), harm proven 198:1");
        assertThat(rollback.at()).isEqualTo(NOON);
    }

    @Test
    void saysTheSameOfTheSameVerdictOnEveryReplica() {
        assertThat(RollbackDecider.decide(breach(), null)).isEqualTo(RollbackDecider.decide(breach(), null));
    }

    @Test
    void takesOutOnlyTheSegmentThatBreaches() {
        Rollback rollback = RollbackDecider.decide(
                        verdict(Decision.BREACHED, Guardrail.Then.ROLLBACK, Guardrail.Scope.AUTO, "country=UK"), null)
                .orElseThrow();

        assertThat(rollback.target()).isEqualTo(RollbackTarget.segment("country", "UK"));
    }

    @Test
    void takesOutEverythingWhereTheGuardrailSaysSo() {
        Rollback rollback = RollbackDecider.decide(
                        verdict(Decision.BREACHED, Guardrail.Then.ROLLBACK, Guardrail.Scope.ALL, "country=UK"), null)
                .orElseThrow();

        assertThat(rollback.target()).isEqualTo(RollbackTarget.ALL);
    }

    @Test
    void takesOutOneOfSeveralVariants() {
        Rollback rollback =
                RollbackDecider.decide(breach(), Samples.plan("on", "bold")).orElseThrow();

        assertThat(rollback.target()).isEqualTo(RollbackTarget.variant("on"));
        assertThat(RollbackDecider.decide(breach(), Samples.plan("on"))
                        .orElseThrow()
                        .target())
                .isEqualTo(RollbackTarget.ALL);
    }

    @Test
    void takesOutEverythingWhenTheSegmentCannotBeRead() {
        for (Guardrail.Scope scope : EnumSet.of(Guardrail.Scope.AUTO, Guardrail.Scope.SEGMENT)) {
            Rollback rollback = RollbackDecider.decide(
                            verdict(Decision.BREACHED, Guardrail.Then.ROLLBACK, scope, "UK"), null)
                    .orElseThrow();

            assertThat(rollback.target()).isEqualTo(RollbackTarget.ALL);
        }
    }

    @ParameterizedTest
    @EnumSource(Decision.class)
    void actsOnABreachAndOnNothingElse(Decision decision) {
        assertThat(RollbackDecider.decide(verdict(decision, Guardrail.Then.ROLLBACK, Guardrail.Scope.AUTO, null), null)
                        .isPresent())
                .isEqualTo(decision == Decision.BREACHED);
    }

    @Test
    void leavesABreachThatOnlyHoldsNotifiesOrObserves() {
        for (Guardrail.Then then : EnumSet.complementOf(EnumSet.of(Guardrail.Then.ROLLBACK))) {
            assertThat(RollbackDecider.decide(verdict(Decision.BREACHED, then, Guardrail.Scope.AUTO, null), null))
                    .isEmpty();
        }
    }
}
