// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.message;

import java.util.List;

import dev.belay.contracts.Json;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.rollouts.RolloutStatus;
import dev.belay.contracts.verdicts.Decision;
import dev.belay.notifier.Samples;
import dev.belay.notifier.decision.Occasion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

class RolloutMessagesTest {
    private static final String WHERE =
            "shop / production · epoch 3 · template autorollout-on-conversion@3 · started by ada · @checkout-team";

    private final Plan plan = Samples.plan(List.of());

    @Test
    void aStartSaysTheWayAndWhatGuardsIt() {
        RolloutState state = Samples.rollout(RolloutStatus.RUNNING, false);

        assertThat(BlockKit.lines(of(Occasion.STARTED, state)))
                .containsExactly(
                        "🚀 Rollout started: new-checkout",
                        "*on* against *off*: beta → quarter 25 %.\nGuardrails: Checkout conversion falls 20 %.",
                        WHERE);
    }

    @Test
    void aQuestionSaysHowLongItHasWaitedAndForWhat() {
        RolloutState state = Samples.rollout(RolloutStatus.RUNNING, true);

        assertThat(BlockKit.lines(of(Occasion.ASKED, state)))
                .containsExactly(
                        "⏳ new-checkout waits in stage quarter 25 % for 2 h: your decision",
                        "conversion: not enough evidence\nThe guardrails stay on. Advance it anyway, keep waiting, or"
                                + " roll it back: `belay rollout why shop/production/new-checkout` shows what is"
                                + " missing.",
                        WHERE);
    }

    @Test
    void theEndSaysHowLongItTook() {
        RolloutState state = Samples.rollout(RolloutStatus.COMPLETED, false);

        assertThat(BlockKit.lines(of(Occasion.COMPLETED, state)))
                .containsExactly(
                        "🏁 new-checkout is on for everyone after 3 h",
                        "No guardrail was breached (Checkout conversion falls 20 %).",
                        WHERE);
    }

    @Test
    void theEndSaysWhatWasMeasured() {
        RolloutState state = Samples.rollout(RolloutStatus.COMPLETED, false);
        Surroundings measured = new Surroundings(
                state, List.of(Samples.beside("checkout-conversion", null, Decision.HEALTHY, 1.004)), null);

        assertThat(BlockKit.lines(RolloutMessages.of(Occasion.COMPLETED, state, plan, measured)))
                .contains("Checkout conversion 0 % (95 %: −10 … +10 %)");
    }

    @Test
    void anEndThatDidNotReachEveryoneSaysWhatWasCrossed() {
        RolloutState state = Samples.rollout(RolloutStatus.COMPLETED, false);
        Surroundings measured = new Surroundings(
                state,
                List.of(
                        Samples.beside("checkout-conversion", null, Decision.HEALTHY, 1.1),
                        Samples.beside("checkout-conversion", "country=UK", Decision.BREACHED, 0.69)),
                null);

        assertThat(BlockKit.lines(RolloutMessages.of(Occasion.COMPLETED, state, plan, measured)))
                .startsWith(
                        "🏁 new-checkout is completed after 3 h",
                        "Limits were crossed on the way: Checkout conversion −31 % in country=UK. What was taken back for"
                                + " it stays out.");
    }

    @ParameterizedTest
    @EnumSource(
            value = Occasion.class,
            names = {"AWAITING_APPROVAL", "ADVANCED", "PAUSED", "RESUMED", "CANCELLED"})
    void everyTransitionHasItsSentenceAndWhereItHappened(Occasion occasion) {
        assertThat(BlockKit.lines(of(occasion, Samples.rollout(RolloutStatus.RUNNING, false))))
                .hasSize(3)
                .contains(WHERE)
                .first()
                .asString()
                .contains("new-checkout");
    }

    @Test
    void aRunningRolloutCanBePausedAndAPausedOneResumedAndBothRolledBack() {
        RolloutState running = Samples.rollout(RolloutStatus.RUNNING, false);
        SlackMessage message = SlackMessage.of(of(Occasion.STARTED, running), true);

        assertThat(of(Occasion.STARTED, running).verbs()).containsExactly(Verb.PAUSE, Verb.ROLL_BACK);
        assertThat(of(Occasion.PAUSED, Samples.rollout(RolloutStatus.PAUSED, false))
                        .verbs())
                .containsExactly(Verb.RESUME, Verb.ROLL_BACK);
        assertThat(of(Occasion.COMPLETED, Samples.rollout(RolloutStatus.COMPLETED, false))
                        .verbs())
                .isEmpty();
        BlockKit.requireValid(message);
        assertThat(Json.write(message)).contains("Everyone is back on the old version at once");
    }

    private Notice of(Occasion occasion, RolloutState state) {
        return RolloutMessages.of(occasion, state, plan, new Surroundings(state, List.of(), null));
    }
}
