// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.tally;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.rollouts.RolloutStatus;
import dev.belay.contracts.verdicts.Decision;
import dev.belay.contracts.verdicts.Reason;
import dev.belay.contracts.verdicts.Verdict;
import dev.belay.judging.attribution.Given;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** A finished rollout and its segments, when something that was fine no longer is: people are told, and nothing else. */
class ChangesTest {
    private static final Plan PLAN = Given.watching(
            Given.plan(List.of(Given.stage("half", 50, null)), Given.falls("conversion", "conversion", 0.2)),
            "country");

    private final Delivered shop = new Delivered(PLAN);
    private final List<Verdict> changes = new ArrayList<>();
    private int visitors;

    @Test
    void segmentThatBehavesOtherwiseAfterTheRolloutIsNamedOnceAndNothingIsProven() {
        visit(4_000, 1);
        finish();
        visit(6_000, 1);
        assertThat(changes).isEmpty();
        shop.restart();
        visit(6_000, 0.3);

        assertThat(changes).isNotEmpty();
        Verdict first = changes.get(0);
        assertThat(first.segment()).isEqualTo("country=GB");
        assertThat(first.decision()).isEqualTo(Decision.UNDECIDED);
        assertThat(first.reasons()).containsExactly(Reason.CHANGED);
        assertThat(first.evidenceAt()).isNull();
        assertThat(first.sentence())
                .startsWith("conversion in country=GB falls since the rollout was finished: it was −")
                .contains("detector ");
        assertThat(first.notes()).containsExactly(first.sentence());
        assertThat(changes).noneMatch(each -> "country=US".equals(each.segment()));
    }

    @Test
    void runningRolloutIsJudgedAndNotWatchedForChanges() {
        visit(4_000, 1);
        visit(6_000, 0.3);

        assertThat(changes).isEmpty();
        assertThat(shop.tally().isBreached()).isTrue();
    }

    @Test
    void rolledBackRolloutIsNotWatchedForChanges() {
        visit(2_000, 1);
        shop.become(Given.become(shop.rollout(), RolloutStatus.ROLLED_BACK));
        visit(6_000, 0.3);

        assertThat(changes).isEmpty();
    }

    @Test
    void blocksOfAFinishedRolloutEndByTheirAgeAlone() {
        visit(2_000, 1);
        finish();
        int before = shop.blocks.size();
        visit(3_000, 1);

        // 3,000 visitors in 1,500 seconds: a block a minute for everyone and each of three countries.
        assertThat(shop.blocks.size() - before).isLessThan(4 * 27);
    }

    private void finish() {
        shop.become(Given.become(shop.rollout(), RolloutStatus.COMPLETED));
        changes.addAll(shop.tally().takeNewChanges());
    }

    /** Three countries; of the treated in one of them, {@code effect} times as many buy. */
    private void visit(int count, double effect) {
        SplittableRandom random = new SplittableRandom(count);
        for (int i = 0; i < count; i++) {
            String unit = "v" + visitors++;
            boolean treated = random.nextBoolean();
            String country = List.of("US", "IN", "GB").get(random.nextInt(3));
            shop.see(unit, treated, Map.of("country", country));
            if (random.nextDouble() < 0.2 * (treated && country.equals("GB") ? effect : 1)) {
                shop.happen("purchase", unit, 0);
            }
            shop.pass(i % 20 == 0 ? 10 : 0);
            changes.addAll(shop.tally().takeNewChanges());
        }
    }
}
