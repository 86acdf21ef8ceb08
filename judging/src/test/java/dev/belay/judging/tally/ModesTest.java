// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.tally;

import java.util.List;
import java.util.OptionalDouble;
import java.util.SplittableRandom;

import dev.belay.contracts.Json;
import dev.belay.contracts.metrics.MetricDefinition.Mode;
import dev.belay.contracts.rollouts.Guardrail;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.verdicts.Block;
import dev.belay.contracts.verdicts.Decision;
import dev.belay.contracts.verdicts.Evidence;
import dev.belay.contracts.verdicts.MetricCounts;
import dev.belay.judging.attribution.Given;
import dev.belay.judging.judge.RolloutJudge;
import dev.belay.statistics.Direction;
import dev.belay.statistics.LoneGuardrail;
import dev.belay.statistics.OutcomeMode;
import dev.belay.statistics.Sensitivity;
import dev.belay.statistics.Stratum;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** Conversions that are waited for, and outcomes that come in clusters, from events to verdicts. */
class ModesTest {
    private static final Plan MATURED = plan(Given.falls("matured", "matured", 0.2));
    private static final Plan CLUSTERED = plan(Given.rises("each-error", "each-error", 0.3));
    private static final double GREATEST = 128;

    @Test
    void matureUnitsAreComparedWhenTheirWindowIsOverAndEachOnce() {
        Delivered shop = new Delivered(MATURED);
        for (int i = 0; i < 1_000; i++) {
            shop.see("u" + i, i % 2 == 0);
            if (i % 5 == 0) {
                shop.happen("purchase", "u" + i, 0);
            }
        }
        shop.pass(600);
        shop.drain();
        assertThat(shop.evidence("matured").control().exposed()).isZero();
        shop.pass(120);
        shop.drain();
        shop.pass(1_200);
        shop.drain();

        Evidence evidence = shop.evidence("matured");
        assertThat(evidence.control().exposed()).isEqualTo(500);
        assertThat(evidence.control().events()).isEqualTo(100);
        assertThat(shop.counts("matured")).allMatch(each -> each.mode() == Mode.MATURED);
        assertThat(shop.counts("matured").stream()
                        .mapToLong(MetricCounts::cohortTreatment)
                        .sum())
                .isEqualTo(500);
    }

    @Test
    void treatmentThatOnlyDelaysConversionsIsHarmByArrivalAndNotWhenUnitsAreMature() {
        Delivered shop = new Delivered(plan(
                Given.guardrail("at-once", "conversion", Guardrail.Limit.FALLS, 0.2, Guardrail.Then.NOTIFY),
                Given.falls("matured", "matured", 0.2)));
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 12_000; i++) {
            String unit = "d" + i;
            boolean treated = random.nextBoolean();
            shop.see(unit, treated);
            if (random.nextDouble() < 0.3) {
                shop.happen("purchase", unit, treated ? 400 : 0, 0);
            }
            shop.pass(i % 20 == 0 ? 10 : 0);
        }
        shop.pass(1_000);

        assertThat(shop.verdict("at-once").decision()).isEqualTo(Decision.BREACHED);
        assertThat(shop.verdict("matured").decision()).isNotEqualTo(Decision.BREACHED);
        assertThat(shop.evidence("matured").logHealthy()).isGreaterThan(3);
        assertThat(shop.evidence("matured").estimate().ratio()).isCloseTo(1, within(0.1));
    }

    @Test
    void blocksOfMatureUnitsGiveWhoeverJudgesThemByHandTheSameNumbers() {
        Delivered shop = new Delivered(MATURED);
        convert(shop, 6_000, 0.5);

        assertThat(shop.tally().isBreached()).isTrue();
        assertThat(byHand(shop.counts("matured"), OutcomeMode.BERNOULLI, Direction.DROP, 0.2))
                .isEqualTo(shop.evidence("matured").members().get(0).logHarm());
        assertThat(shop.verdict("matured").estimate().ratio()).isBetween(0.3, 0.7);
    }

    @Test
    void evidenceOfMatureUnitsIsAFunctionOfTheBlocksAndGoesOnAfterARestart() {
        Delivered shop = new Delivered(MATURED);
        convert(shop, 600, 0.9);
        Delivered restarted = new Delivered(MATURED);
        convert(restarted, 600, 0.9);
        restarted.restart();
        for (Delivered each : List.of(shop, restarted)) {
            each.pass(2_000);
            each.drain();
        }
        RolloutJudge judge = RolloutJudge.start(MATURED);
        shop.blocks.forEach(block -> judge.apply(Json.read(Json.write(block), Block.class)));

        assertThat(judge.snapshot()).isEqualTo(shop.tally().head().judge());
        assertThat(restarted.evidence("matured")).isEqualTo(shop.evidence("matured"));
        assertThat(shop.evidence("matured").control().exposed()).isGreaterThan(200);
    }

    @Test
    void fewUnitsAMinuteAreBetOnAsSoonAsBothArmsHaveOne() {
        Delivered shop = new Delivered(MATURED);
        SplittableRandom random = new SplittableRandom(8);
        for (int i = 0; i < 1_000; i++) {
            boolean treated = i % 2 == 0;
            shop.see("slow" + i, treated);
            if (!treated && random.nextDouble() < 0.5) {
                shop.happen("purchase", "slow" + i, 0);
            }
            shop.pass(120);
        }

        assertThat(shop.tally().isBreached()).isTrue();
        assertThat(shop.counts("matured"))
                .filteredOn(each -> each.cohortControl() + each.cohortTreatment() > 0)
                .allMatch(each -> each.cohortControl() > 0 && each.cohortTreatment() > 0);
    }

    @Test
    void convertedUnitIsInNoLaterCohortAndCountsInTheLatestStratumBeforeItConverts() {
        Plan plan = Given.plan(
                List.of(Given.stage("few", 20, null), Given.stage("half", 50, null)),
                Given.falls("matured", "matured", 0.2));
        Delivered shop = new Delivered(plan);
        for (String unit : List.of("before", "after", "never")) {
            shop.see(unit, true);
            shop.see("control of " + unit, false);
        }
        shop.happen("purchase", "before", 0);
        shop.pass(60);
        shop.become(Given.through(plan, 0, 1));
        for (String unit : List.of("before", "after", "never")) {
            shop.see(unit, true);
            shop.see("control of " + unit, false);
        }
        shop.pass(10);
        shop.happen("purchase", "after", 0);
        shop.pass(2_000);
        shop.drain();

        Evidence evidence = shop.evidence("matured");
        assertThat(evidence.strata()).hasSize(2);
        assertThat(evidence.strata().get(0).treatment().exposed()).isEqualTo(3);
        assertThat(evidence.strata().get(0).treatment().events()).isEqualTo(1);
        assertThat(evidence.strata().get(1).treatment().exposed()).isEqualTo(2);
        assertThat(evidence.strata().get(1).treatment().events()).isEqualTo(1);
    }

    @Test
    void outcomesInClustersAreDividedByHowClusteredEarlierBlocksWere() {
        Delivered shop = new Delivered(CLUSTERED);
        cluster(shop, 4_000, 1);

        List<Double> divisors =
                shop.counts("each-error").stream().map(MetricCounts::dispersion).toList();
        assertThat(divisors.get(0)).isEqualTo(GREATEST);
        assertThat(divisors.get(divisors.size() - 1)).isBetween(5.0, 15.0);
        assertThat(shop.counts("each-error")).allMatch(each -> each.mode() == Mode.CLUSTERED);
        Evidence evidence = shop.evidence("each-error");
        assertThat(evidence.control().events()).as("every outcome counts").isGreaterThan(300);
        assertThat(byHand(shop.counts("each-error"), OutcomeMode.ARRIVAL, Direction.RISE, 0.3))
                .isEqualTo(evidence.members().get(0).logHarm());
    }

    @Test
    void harmlessClustersAreNotRolledBackAndHarmfulOnesAre() {
        int wrong = 0;
        for (int seed = 0; seed < 10; seed++) {
            Delivered harmless = new Delivered(CLUSTERED);
            cluster(harmless, 3_000 + seed, 1);
            wrong += harmless.tally().isBreached() ? 1 : 0;
        }
        Delivered harmful = new Delivered(CLUSTERED);
        cluster(harmful, 20_000, 4);

        assertThat(wrong).isZero();
        assertThat(harmful.tally().firstBreach().orElseThrow().guardrail()).isEqualTo("each-error");
    }

    @Test
    void clusteredEvidenceIsAFunctionOfTheBlocksAndGoesOnAfterARestart() {
        Delivered shop = new Delivered(CLUSTERED);
        cluster(shop, 1_000, 1);
        Delivered restarted = new Delivered(CLUSTERED);
        cluster(restarted, 1_000, 1);
        restarted.restart();
        cluster(shop, 1_001, 1);
        cluster(restarted, 1_001, 1);
        RolloutJudge judge = RolloutJudge.start(CLUSTERED);
        shop.blocks.forEach(block -> judge.apply(Json.read(Json.write(block), Block.class)));

        assertThat(judge.snapshot()).isEqualTo(shop.tally().head().judge());
        assertThat(restarted.evidence("each-error")).isEqualTo(shop.evidence("each-error"));
    }

    private static void convert(Delivered shop, int count, double effect) {
        SplittableRandom random = new SplittableRandom(count);
        for (int i = 0; i < count && !shop.tally().isBreached(); i++) {
            String unit = "c" + i;
            boolean treated = random.nextBoolean();
            shop.see(unit, treated);
            if (random.nextDouble() < 0.3 * (treated ? effect : 1)) {
                shop.happen("purchase", unit, 0);
            }
            shop.pass(i % 40 == 0 ? 10 : 0);
        }
        shop.pass(shop.tally().isBreached() ? 0 : 800);
    }

    /** 5 % of the units have errors, five on average; of the treated, {@code effect} times as many units. */
    private static void cluster(Delivered shop, int count, double effect) {
        SplittableRandom random = new SplittableRandom(count);
        for (int i = 0; i < count && !shop.tally().isBreached(); i++) {
            String unit = count + "-" + i;
            boolean treated = random.nextBoolean();
            shop.see(unit, treated);
            if (random.nextDouble() < 0.05 * (treated ? effect : 1)) {
                int errors = 0;
                do {
                    shop.happen("error", unit, errors++, 0);
                } while (random.nextDouble() > 0.2);
            }
            shop.pass(i % 10 == 0 ? 10 : 0);
        }
    }

    private static double byHand(List<MetricCounts> blocks, OutcomeMode mode, Direction direction, double threshold) {
        LoneGuardrail byHand = new LoneGuardrail(new LoneGuardrail.Question(
                mode,
                direction,
                threshold,
                Sensitivity.BALANCED,
                0.01,
                0.05,
                OptionalDouble.empty(),
                mode == OutcomeMode.ARRIVAL));
        double logHarm = Double.NaN;
        for (MetricCounts each : blocks) {
            Stratum counts =
                    new Stratum(each.cohortControl(), each.cohortTreatment(), each.newControl(), each.newTreatment());
            Double factor = each.dispersion();
            logHarm = byHand.take("0", counts, factor == null ? OptionalDouble.empty() : OptionalDouble.of(factor))
                    .logHarm();
        }
        return logHarm;
    }

    private static Plan plan(Guardrail... guardrails) {
        return Given.plan(List.of(Given.stage("half", 50, null)), guardrails);
    }
}
