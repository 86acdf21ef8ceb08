// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.message;

import java.util.List;

import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.rollouts.RolloutStatus;
import dev.belay.notifier.Samples;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RolloutMessagesTest {
    private static final String WHERE =
            "shop / production · epoch 3 · template autorollout-on-conversion@3 · started by ada · @checkout-team";

    private final Plan plan = Samples.plan(List.of());

    @Test
    void aStartSaysTheWayAndWhatGuardsIt() {
        RolloutState state = Samples.rollout(RolloutStatus.RUNNING, false);

        assertThat(BlockKit.lines(RolloutMessages.started(state, plan, null)))
                .containsExactly(
                        "🚀 Rollout started: new-checkout",
                        "*on* against *off*: beta → quarter 25 %.\nGuardrails: Checkout conversion falls 20 %.",
                        WHERE);
    }

    @Test
    void aQuestionSaysHowLongItHasWaitedAndForWhat() {
        RolloutState state = Samples.rollout(RolloutStatus.RUNNING, true);

        assertThat(BlockKit.lines(RolloutMessages.asked(state, plan, null)))
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

        assertThat(BlockKit.lines(RolloutMessages.completed(state, plan, null)))
                .containsExactly(
                        "🏁 new-checkout is on for everyone after 3 h",
                        "No guardrail was breached (Checkout conversion falls 20 %).",
                        WHERE);
    }
}
