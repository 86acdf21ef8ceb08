// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

class BudgetTest {

    @Property(tries = 200)
    void spendsExactlyOne(
            @ForAll @IntRange(min = 1, max = 20) int guardrails,
            @ForAll @IntRange(min = 1, max = 60) int stages,
            @ForAll @IntRange(max = 50) int segments) {
        Budget budget = new Budget(guardrails, stages, Collections.nCopies(segments, 1.0 / Math.max(1, segments)));

        double each = budget.rollout();
        for (int stage = 2; stage <= stages; stage++) {
            each += budget.stage(stage);
        }
        for (int segment = 0; segment < segments; segment++) {
            each += budget.segment(segment);
        }

        assertThat(guardrails * each).isCloseTo(1, within(1e-12));
    }

    @Test
    void givesSegmentsAFifth() {
        Budget budget = new Budget(2, 1, List.of(0.5, 0.5));

        assertThat(budget.rollout()).isCloseTo(0.4, within(1e-15));
        assertThat(budget.segment(0)).isCloseTo(0.05, within(1e-15));
    }

    @Test
    void isNotAskedByGuardrailsThatDoSomethingElse() {
        // One conversion guardrail alone, and the same beside three counters and one that holds: budgets of their own.
        assertThat(new Budget(1, 6, List.of()).rollout()).isEqualTo(MemberWeights.rolloutScope(6));
        assertThat(Budget.alphaOf(0.01, 2)).isEqualTo(0.005);
    }

    @Test
    void watchesFiftySegmentsOfOnePercentAtMost() {
        Map<String, Long> traffic = new HashMap<>();
        for (int i = 0; i < 80; i++) {
            traffic.put("segment-" + i, 1_000L + i);
        }
        traffic.put("tiny", 5L);
        traffic.put("none", 0L);

        Map<String, Double> watched = WatchedSegments.of(traffic);

        assertThat(watched).hasSize(50).containsKey("segment-79").doesNotContainKeys("tiny", "none", "segment-0");
        assertThat(watched.values()).allMatch(weight -> weight == 0.02);
        assertThat(WatchedSegments.of(Map.of())).isEmpty();
        assertThat(WatchedSegments.of(Map.of("all", 0L))).isEmpty();
    }

    @Test
    void refusesMoreThanThereIs() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Budget(1, 1, List.of(0.6, 0.6)))
                .withMessage("segments must sum to at most 1, summed to 1.2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Budget(0, 1, List.of()))
                .withMessage("guardrails must be at least 1, was 0");
    }

    /** An edit every twenty blocks, each a fresh chance to be wrong: free restarts would be wrong in far more than alpha. */
    @Test
    void paysForEveryRestart() {
        double alpha = 0.2;
        int runs = 1_500;
        int paid = 0;
        int free = 0;
        for (int run = 0; run < runs; run++) {
            paid += isWrong(new Random(run), alpha, true) ? 1 : 0;
            free += isWrong(new Random(run), alpha, false) ? 1 : 0;
        }

        // Three standard deviations above alpha.
        assertThat(paid / (double) runs).isLessThan(alpha + 3 * Math.sqrt(alpha * (1 - alpha) / runs));
        assertThat(free / (double) runs).isGreaterThan(alpha + 3 * Math.sqrt(alpha * (1 - alpha) / runs));
    }

    private static boolean isWrong(Random random, double alpha, boolean pays) {
        RatioTest test = RatioTest.of(OutcomeMode.BERNOULLI, Alternatives.harm(Direction.DROP, 0.2, 0));
        double weight = 1;
        RatioProcess process = RatioProcess.start(test);
        for (int block = 1; block <= 200; block++) {
            process.update(50, 50, events(random, 50, 0.2), events(random, 50, 0.2));
            if (Combination.of(List.of(Member.of(weight, process, true)), alpha).breach()) {
                return true;
            }
            if (block % 20 == 0) {
                weight = pays ? MemberWeights.restarted(weight, process.logE()) : weight;
                process = RatioProcess.start(test);
            }
        }
        return false;
    }

    private static int events(Random random, int units, double rate) {
        int events = 0;
        for (int i = 0; i < units; i++) {
            events += random.nextDouble() < rate ? 1 : 0;
        }
        return events;
    }

    @Test
    void restartsWithWhatIsLeftAndNeverWithMore() {
        assertThat(MemberWeights.restarted(0.5, 0)).isEqualTo(0.5);
        assertThat(MemberWeights.restarted(0.5, 3)).isEqualTo(0.5);
        assertThat(MemberWeights.restarted(0.5, -Math.log(4))).isCloseTo(0.125, within(1e-15));
        assertThat(MemberWeights.restarted(0.5, -5_000)).isPositive();
        List<Double> weights = new ArrayList<>(List.of(0.0, 1.1));
        weights.forEach(
                weight -> assertThatIllegalArgumentException().isThrownBy(() -> MemberWeights.restarted(weight, 0)));
    }
}
