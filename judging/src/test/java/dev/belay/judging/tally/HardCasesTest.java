// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.tally;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

import dev.belay.contracts.Json;
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
