// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.tally;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

import dev.belay.contracts.Json;
import dev.belay.contracts.metrics.MetricDefinition;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.rollouts.Stage;
import dev.belay.contracts.verdicts.Block;
import dev.belay.contracts.verdicts.Decision;
import dev.belay.contracts.verdicts.Evidence;
import dev.belay.contracts.verdicts.MemberEvidence;
import dev.belay.contracts.verdicts.Verdict;
import dev.belay.judging.attribution.Cell;
import dev.belay.judging.attribution.CellCounts;
import dev.belay.judging.attribution.CellCounts.MetricCount;
import dev.belay.judging.attribution.ComparedPlan;
import dev.belay.judging.attribution.Delta;
import dev.belay.judging.attribution.Given;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** What looks like a mistake and is ordinary input: it has a stated answer, and nothing missing is ever healthy. */
class HardCasesTest {
    private static final int STAGES = 60;
    private static final double RATE = 0.2;

    private final List<Block> blocks = new ArrayList<>();
    private RolloutTally tally;
    private long now = Given.START.toEpochMilli();

    @Test
    void sixtyStagesAndFiftySegmentsAreJudgedToTheEnd() {
        List<Stage> stages = new ArrayList<>();
        for (int stage = 1; stage <= STAGES; stage++) {
            stages.add(Given.stage("s" + stage, stage, null));
        }
        Plan plan = Given.watching(Given.plan(stages, Given.falls("conversion", "conversion", 0.2)), "country");
        start(plan);
        SplittableRandom random = new SplittableRandom(1);
        for (int stage = 0; stage < STAGES; stage++) {
            blocks.addAll(tally.onRollout(Given.inStage(plan, stage), now));
            for (int i = 0; i < 400; i++) {
                visit(
                        stage + 1,
                        random,
                        (stage + 1) / 100.0,
                        stage == STAGES - 1 ? 0 : 1,
                        "country=c" + random.nextInt(50));
            }
        }

        assertThat(tally.evidence(Given.START)).hasSize(1 + 50);
        double weights = tally.evidence(Given.START).stream()
                .flatMap(each -> each.members().stream())
                .mapToDouble(MemberEvidence::weight)
                .sum();
        assertThat(weights).isLessThanOrEqualTo(1);
        assertThat(tally.firstBreach()).isPresent();
        assertThat(tally.firstBreach().orElseThrow().stage()).isEqualTo(STAGES - 1);
        RolloutTally.Head head = tally.head();
        assertThat(Json.read(Json.write(head), RolloutTally.Head.class)).isEqualTo(head);
    }

    @Test
    void thresholdEditedMidRolloutChangesNothingBecauseThePlanIsACopy() {
        Plan plan = Given.plan(List.of(Given.stage("half", 50, null)), Given.falls("conversion", "conversion", 0.2));
        Plan edited = Given.plan(List.of(Given.stage("half", 50, null)), Given.falls("conversion", "conversion", 0.9));
        start(plan);
        visits(2_000, 0.5, 1);
        Evidence before = evidence();
        RolloutState next = Given.through(edited, 0, 0);
        blocks.addAll(tally.onRollout(next, now));

        assertThat(evidence().members()).isEqualTo(before.members());
        assertThat(verdict().threshold()).isEqualTo(0.2);
    }

    @Test
    void metricEditedMidRolloutChangesNothingBecauseThePlanIsACopy() {
        Plan plan = Given.plan(List.of(Given.stage("half", 50, null)), Given.falls("conversion", "conversion", 0.2));
        Plan edited = withMetric(plan, "conversion", "some-other-event");
        Delivered shop = new Delivered(plan);
        Delivered kept = new Delivered(plan);
        for (int i = 0; i < 1_000; i++) {
            if (i == 500) {
                shop.become(Given.through(edited, 0, 0));
                kept.become(Given.through(plan, 0, 0));
            }
            for (Delivered each : List.of(shop, kept)) {
                each.see("u" + i, i % 2 == 0);
                if (i % 5 == 0) {
                    each.happen("purchase", "u" + i, 0);
                }
                each.pass(1);
            }
        }

        assertThat(shop.evidence("conversion")).isEqualTo(kept.evidence("conversion"));
        assertThat(shop.evidence("conversion").treatment().events()).isEqualTo(100);
    }

    @Test
    void valuesThatAreAllTheSameHaveNoVarianceAndAnAnswerAllTheSame() {
        Delivered same = revenue(6_000, treated -> 20);
        assertThat(same.tally().isBreached()).isFalse();
        assertThat(same.evidence("revenue").estimate().ratio()).isEqualTo(1);
        assertThat(same.verdict("revenue").decision()).isEqualTo(Decision.HEALTHY);

        Delivered less = revenue(6_000, treated -> treated ? 10 : 20);
        assertThat(less.verdict("revenue").decision()).isEqualTo(Decision.BREACHED);

        Delivered nothing = revenue(6_000, treated -> 0);
        assertThat(nothing.verdict("revenue").decision()).isEqualTo(Decision.UNDECIDED);
    }

    @Test
    void totalLossIsFoundByEveryKindOfComparison() {
        Delivered mean = revenue(20_000, treated -> treated ? 0 : 20);
        assertThat(mean.verdict("revenue").decision()).isEqualTo(Decision.BREACHED);

        for (String metric : List.of("conversion", "matured")) {
            Delivered shop =
                    new Delivered(Given.plan(List.of(Given.stage("half", 50, null)), Given.falls(metric, metric, 0.2)));
            for (int i = 0; i < 4_000; i++) {
                shop.see("u" + i, i % 2 == 0);
                if (i % 6 == 1) {
                    shop.happen("purchase", "u" + i, 0);
                }
                shop.pass(1);
            }
            assertThat(shop.verdict(metric).decision()).as(metric).isEqualTo(Decision.BREACHED);
        }
    }

    @Test
    void valuesThatNobodyWouldSendAreCountedAsTheNearestThatCanBe() {
        SplittableRandom random = new SplittableRandom(5);
        double[] odd = {-1e300, -5, -0.0, Double.MIN_VALUE, 1e300, Double.MAX_VALUE};
        Delivered shop = revenue(3_000, treated -> odd[random.nextInt(odd.length)]);
        assertThat(shop.evidence("revenue").control().exposed()).isGreaterThan(1_000);
        assertThat(shop.evidence("revenue").members())
                .allSatisfy(each -> assertThat(each.logHarm()).isFinite());

        Delivered latency = new Delivered(
                Given.plan(List.of(Given.stage("half", 50, null)), Given.rises("latency", "latency", 0.15)));
        for (int i = 0; i < 3_000; i++) {
            latency.see("u" + i, i % 2 == 0);
            latency.worth("latency-ms", "u" + i, odd[i % odd.length]);
            latency.pass(1);
        }
        assertThat(latency.evidence("latency").control().exposed()).isGreaterThan(1_000);
        assertThat(latency.evidence("latency").members())
                .allSatisfy(each -> assertThat(each.logHarm()).isFinite());
    }

    @Test
    void valueThatIsNoNumberIsRefusedAndNeverCounted() {
        Delivered shop = revenue(10, treated -> 20);

        for (double value : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> shop.worth("purchase", "u1", value))
                    .withMessage("value must be finite, was " + value);
        }
    }

    private static Delivered revenue(int count, ToDoubleFunction<Boolean> worth) {
        Delivered shop = new Delivered(
                Given.plan(List.of(Given.stage("half", 50, null)), Given.falls("revenue", "revenue", 0.2)));
        for (int i = 0; i < count && !shop.tally().isBreached(); i++) {
            shop.see("u" + i, i % 2 == 0);
            shop.worth("purchase", "u" + i, worth.applyAsDouble(i % 2 == 0));
            shop.pass(1);
        }
        return shop;
    }

    private static Plan withMetric(Plan plan, String name, String event) {
        List<MetricDefinition> metrics = plan.metrics().stream()
                .map(each -> each.name().equals(name)
                        ? new MetricDefinition(
                                each.project(),
                                each.name(),
                                each.version() + 1,
                                null,
                                null,
                                each.kind(),
                                event,
                                each.within(),
                                each.goodWhen(),
                                null,
                                null,
                                null,
                                each.unit(),
                                each.updatedAt())
                        : each)
                .toList();
        return new Plan(
                plan.template(),
                plan.title(),
                plan.owner(),
                plan.control(),
                plan.treatments(),
                plan.stages(),
                plan.only(),
                plan.guardrails(),
                plan.goals(),
                plan.watchBy(),
                plan.sensitivity(),
                plan.tell(),
                metrics,
                plan.alpha(),
                plan.beta());
    }

    @Test
    void stageThatIsRepeatedGoesOnInAStratumOfItsOwn() {
        Plan plan = Given.plan();
        start(plan);
        SplittableRandom random = new SplittableRandom(2);
        for (int i = 0; i < 1_000; i++) {
            visit(1, random, 0.05, 1, null);
        }
        double healthy = verdict().logHealthy();
        blocks.addAll(tally.onRollout(Given.through(plan, 0, 0), now));
        for (int i = 0; i < 1_000; i++) {
            visit(2, random, 0.05, 1, null);
        }

        assertThat(evidence().strata()).hasSize(2);
        assertThat(verdict().logHealthy()).isNotEqualTo(healthy);
        assertThat(tally.isBreached()).isFalse();
    }

    @Test
    void everyUnitInOneArmAndNoEventAtAllIsNeverHealthy() {
        start(Given.plan(List.of(Given.stage("half", 50, null)), Given.falls("conversion", "conversion", 0.2)));
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 5_000; i++) {
            visit(1, random, 1, 1, null);
        }
        assertThat(verdict().decision()).isEqualTo(Decision.UNDECIDED);
        assertThat(blocks).isEmpty();

        start(Given.plan(List.of(Given.stage("half", 50, null)), Given.falls("conversion", "conversion", 0.2)));
        for (int i = 0; i < 5_000; i++) {
            add(1, random.nextBoolean(), 0, null);
        }
        assertThat(verdict().decision()).isEqualTo(Decision.UNDECIDED);
        assertThat(verdict().logEvidence()).isLessThanOrEqualTo(0);
    }

    @Test
    void splitsOfFiveAndOfOnePercentFindATotalLoss() {
        for (double share : new double[] {0.05, 0.01}) {
            start(Given.plan(
                    List.of(Given.stage("few", share * 100, null)), Given.falls("conversion", "conversion", 0.2)));
            visits(60_000, share, 0);

            assertThat(tally.firstBreach()).as("share " + share).isPresent();
            assertThat(tally.firstBreach().orElseThrow().treatment().exposed()).isLessThan(250);
        }
    }

    private void start(Plan plan) {
        blocks.clear();
        tally = RolloutTally.start(Given.inStage(plan, 0), new CellBook(), Pace.DEFAULT);
    }

    private void visits(int count, double share, double effect) {
        SplittableRandom random = new SplittableRandom(4);
        for (int i = 0; i < count && !tally.isBreached(); i++) {
            visit(1, random, share, effect, null);
        }
    }

    private void visit(int allocation, SplittableRandom random, double share, double effect, String segment) {
        boolean treated = random.nextDouble() < share;
        add(allocation, treated, random.nextDouble() < RATE * (treated ? effect : 1) ? 1 : 0, segment);
    }

    private void add(int allocation, boolean treated, int purchases, String segment) {
        now += 10;
        Cell cell = new Cell(allocation, "rest", treated ? "on" : "off", ComparedPlan.NEVER);
        CellCounts counts = new CellCounts(1, Map.of("conversion", new MetricCount(1, purchases)));
        Map<Cell, CellCounts> cells =
                segment == null ? Map.of(cell, counts) : Map.of(cell, counts, cell.in(segment), counts);
        blocks.addAll(tally.onDelta(new Delta(Given.FLAG.key(), 1, cells, Map.of(), 0), now, now));
    }

    private Verdict verdict() {
        return tally.verdicts(Instant.ofEpochMilli(now)).get(0);
    }

    private Evidence evidence() {
        return tally.evidence(Instant.ofEpochMilli(now)).get(0);
    }
}
