// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

class MemberWeightsTest {

    @ParameterizedTest(name = "spends exactly one over {0} stages")
    @ValueSource(ints = {1, 2, 3, 6, 60})
    void spendsExactlyOne(int stages) {
        double sum = MemberWeights.rolloutScope(stages);
        for (int stage = 2; stage <= stages; stage++) {
            sum += MemberWeights.stageScope(stages, stage);
        }

        assertThat(sum).isCloseTo(1, within(1e-12));
    }

    @Test
    void sharesTheRestAmongSegments() {
        double sum = MemberWeights.GLOBAL_WITH_SEGMENTS + MemberWeights.segment(0.25) + MemberWeights.segment(0.75);

        assertThat(sum).isCloseTo(1, within(1e-12));
    }

    @Test
    void refusesAScopeForTheFirstStage() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MemberWeights.stageScope(3, 1))
                .withMessage("stage must lie in [2, stages = 3], was 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MemberWeights.guardrail(0))
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
