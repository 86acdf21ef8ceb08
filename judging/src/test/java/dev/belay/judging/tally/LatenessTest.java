// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.tally;

import java.util.List;
import java.util.SplittableRandom;

import dev.belay.contracts.rollouts.Guardrail;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.verdicts.Decision;
import dev.belay.contracts.verdicts.Lateness;
import dev.belay.contracts.verdicts.MetricCounts;
import dev.belay.contracts.verdicts.Reason;
import dev.belay.contracts.verdicts.Verdict;
import dev.belay.judging.attribution.Given;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Outcomes that come late in one arm: the data are not to be trusted, and harm is harm all the same. */
class LatenessTest {
    private static final Plan CONVERSION = plan(Given.falls("conversion", "conversion", 0.2));
    private static final Plan MATURED = plan(Given.falls("matured", "matured", 0.2));
    private static final long LATE = 90;

    private int visitors;

    @Test
    void oneArmsOutcomesThatComeLateAreADoubtWithItsNumbersAndNeverHealthy() {
        Delivered shop = new Delivered(CONVERSION);
        visit(shop, 6_000, 1, 0.1, 0);
        Verdict verdict = shop.verdict("conversion");

        assertThat(verdict.decision()).isEqualTo(Decision.UNDECIDED);
        assertThat(verdict.reasons()).containsExactly(Reason.LATENESS);
        assertThat(verdict.logHealthy()).as("it would be healthy").isGreaterThan(verdict.logHealthyLimit());
        assertThat(verdict.notes()).anySatisfy(note -> assertThat(note)
                .startsWith("purchase outcomes come late in one arm more than in the other: 0.0 % (0 of ")
                .contains(" of control and ")
                .endsWith(" of treatment"));
    }

    @Test
    void bothArmsLateAlikeAreNoDoubt() {
        Delivered shop = new Delivered(CONVERSION);
        visit(shop, 6_000, 1, 0.1, 0.1);
        shop.pass(30);

        assertThat(shop.verdict("conversion").reasons()).doesNotContain(Reason.LATENESS);
        assertThat(shop.verdict("conversion").decision()).isEqualTo(Decision.HEALTHY);
        assertThat(last(shop, "conversion").lateControl()).isPositive();
    }

    @Test
    void latenessHidesNoHarmAndStandsBesideIt() {
        Delivered shop = new Delivered(CONVERSION);
        visit(shop, 4_000, 1, 0.1, 0);
        assertThat(shop.verdict("conversion").reasons()).contains(Reason.LATENESS);
        visit(shop, 20_000, 0.2, 0, 0);

        assertThat(shop.verdict("conversion").decision()).isEqualTo(Decision.BREACHED);
        assertThat(shop.verdict("conversion").reasons()).contains(Reason.LATENESS);
    }

    @Test
    void theSameOutcomeAgainIsNotLate() {
        Delivered shop = new Delivered(CONVERSION);
        for (int i = 0; i < 200; i++) {
            shop.see("r" + i, i % 2 == 0);
            shop.happened("purchase", "r" + i, 0);
        }
        shop.pass(500);
        for (int i = 0; i < 200; i++) {
            shop.happened("purchase", "r" + i, 0);
        }
        shop.see("another", true);
        shop.drain();

        assertThat(last(shop, "conversion")).isEqualTo(new Lateness(100, 0, 100, 0));
    }

    @Test
    void outcomesOfUnitsThatAreFinalAreLeftOutAndCountedAsLate() {
        Delivered shop = new Delivered(MATURED);
        for (int i = 0; i < 2_000; i++) {
            shop.see("m" + i, i % 2 == 0);
            if (i % 4 < 2) {
                shop.happened("purchase", "m" + i, 0);
            }
        }
        shop.pass(800);
        shop.drain();
        for (int i = 2; i < 800; i += 4) {
            shop.happened("purchase", "m" + i, 0);
        }
        for (int i = 0; i < 400; i++) {
            shop.see("n" + i, i % 2 == 0);
        }
        shop.pass(800);
        shop.drain();

        assertThat(shop.evidence("matured").treatment().events()).isEqualTo(500);
        assertThat(last(shop, "matured")).isEqualTo(new Lateness(500, 0, 700, 200));
        assertThat(shop.tally().verdicts(shop.now()).get(0).reasons()).contains(Reason.LATENESS);
    }

    /** Of what the treated do {@code treatedLate} comes late, of what the others do {@code controlLate}. */
    private void visit(Delivered shop, int count, double effect, double treatedLate, double controlLate) {
        SplittableRandom random = new SplittableRandom(count);
        for (int i = 0; i < count && !shop.tally().isBreached(); i++) {
            String unit = "v" + visitors++;
            boolean treated = random.nextBoolean();
            shop.see(unit, treated);
            if (random.nextDouble() < 0.3 * (treated ? effect : 1)) {
                boolean isLate = random.nextDouble() < (treated ? treatedLate : controlLate);
                shop.happen("purchase", unit, isLate ? LATE : 0);
            }
            shop.pass(i % 20 == 0 ? 10 : 0);
        }
    }

    private static Lateness last(Delivered shop, String metric) {
        List<MetricCounts> counts = shop.counts(metric);
        return counts.get(counts.size() - 1).late();
    }

    private static Plan plan(Guardrail guardrail) {
        return Given.plan(List.of(Given.stage("half", 50, null)), guardrail);
    }
}
