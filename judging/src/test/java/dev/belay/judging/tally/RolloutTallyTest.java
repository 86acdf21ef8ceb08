// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.tally;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

import dev.belay.contracts.Json;
import dev.belay.contracts.verdicts.Block;
import dev.belay.contracts.verdicts.Decision;
import dev.belay.contracts.verdicts.Evidence;
import dev.belay.contracts.verdicts.MetricCounts;
import dev.belay.contracts.verdicts.Reason;
import dev.belay.contracts.verdicts.Verdict;
import dev.belay.judging.attribution.Cell;
import dev.belay.judging.attribution.CellCounts;
import dev.belay.judging.attribution.CellCounts.MetricCount;
import dev.belay.judging.attribution.ComparedPlan;
import dev.belay.judging.attribution.Delta;
import dev.belay.judging.attribution.Given;
import dev.belay.judging.judge.RolloutJudge;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RolloutTallyTest {
    private static final long T0 = Given.START.toEpochMilli();
    private static final long MINUTE = Duration.ofMinutes(1).toMillis();

    private final List<Block> blocks = new ArrayList<>();
    private RolloutTally tally = RolloutTally.start(Given.inStage(0), new CellBook(), Pace.DEFAULT);
    private long now = T0;

    @Test
    void blockEndsWithTheTenthUnitOfAYoungRolloutAndTheFiftiethLater() {
        add(1, "off", ComparedPlan.NEVER, 9, 0, 0);
        add(1, "on", ComparedPlan.NEVER, 1, 0, 0);
        assertThat(blocks).hasSize(1);

        add(1, "off", ComparedPlan.NEVER, 500, 0, 0);
        blocks.clear();
        add(1, "off", ComparedPlan.NEVER, 49, 0, 0);
        assertThat(blocks).isEmpty();
        add(1, "on", ComparedPlan.NEVER, 1, 0, 0);
        assertThat(blocks).hasSize(1);
    }

    @Test
    void outcomesNeverEndABlock() {
        add(1, "off", ComparedPlan.NEVER, 9, 0, 0);
        add(1, "off", ComparedPlan.NEVER, 0, 9, 0);
        add(1, "on", ComparedPlan.NEVER, 0, 9, 9);

        assertThat(blocks).isEmpty();
    }

    @Test
    void blockWithoutBothArmsKeepsAccumulating() {
        add(1, "off", ComparedPlan.NEVER, 100, 10, 0);
        assertThat(blocks).isEmpty();

        add(1, "on", ComparedPlan.NEVER, 1, 0, 0);
        assertThat(blocks).hasSize(1);
        assertThat(blocks.get(0).metrics().get(0).newControl()).isEqualTo(10);
    }

    @Test
    void blockEndsByAge() {
        add(1, "off", ComparedPlan.NEVER, 3, 0, 0);
        add(1, "on", ComparedPlan.NEVER, 1, 0, 0);
        blocks.addAll(tally.onTime(T0 + MINUTE - 1, false));
        assertThat(blocks).isEmpty();

        blocks.addAll(tally.onTime(T0 + MINUTE, false));
        assertThat(blocks).hasSize(1);
    }

    @Test
    void raiseTakesUnitsOutOfControlWhoseBucketIsTreatedNow() {
        add(1, "off", 1, 20, 4, 0);
        add(1, "off", ComparedPlan.NEVER, 75, 15, 0);
        add(1, "on", ComparedPlan.NEVER, 5, 1, 0);
        blocks.clear();
        blocks.addAll(tally.onRollout(Given.inStage(1), now));

        Block last = blocks.get(blocks.size() - 1);
        assertThat(last.cohortControl()).isEqualTo(75);
        assertThat(last.metrics().get(0).totalControl()).isEqualTo(15);
        assertThat(last.metrics().get(0).newControl()).isZero();
    }

    @Test
    void whatIsTakenOutOfABlockAgainIsNotCountedAsNew() {
        add(1, "off", ComparedPlan.NEVER, 20, 4, 0);
        add(1, "on", ComparedPlan.NEVER, 20, 4, 0);
        add(1, "off", ComparedPlan.NEVER, 0, -2, 0);
        add(1, "off", ComparedPlan.NEVER, 20, 1, 0);
        assertThat(last("conversion").newControl()).isZero();

        add(1, "off", ComparedPlan.NEVER, 20, 3, 0);
        assertThat(last("conversion").newControl()).isEqualTo(2);
        assertThat(last("conversion").totalControl()).isEqualTo(6);
    }

    @Test
    void blocksAloneGiveTheSameEvidenceBitForBit() {
        feed(3_000, 0.2, 0.14);
        RolloutJudge judge = RolloutJudge.start(Given.plan());
        for (Block block : blocks) {
            judge.apply(Json.read(Json.write(block), Block.class));
        }

        assertThat(judge.snapshot()).isEqualTo(tally.head().judge());
    }

    @Test
    void tallyThatWasStoredAndRestoredGoesOnBitForBit() {
        feed(1_000, 0.2, 0.2);
        RolloutTally.Head head = Json.read(Json.write(tally.head()), RolloutTally.Head.class);
        CellBook book = new CellBook();
        tally.book().takeChanges().forEach(key -> book.restore(key, tally.book().value(key)));
        RolloutTally restored = RolloutTally.restore(tally.rollout(), book, head, Pace.DEFAULT);
        RolloutTally original = tally;
        feed(1_000, 0.2, 0.2);
        List<Evidence> expected = original.evidence(Given.START);
        tally = restored;
        now = T0;
        feed(1_000, 0.2, 0.2);

        assertThat(restored.evidence(Given.START)).isEqualTo(expected);
    }

    @Test
    void breachStaysWhateverComesAfter() {
        feed(6_000, 0.3, 0.1);
        Verdict breach = verdict("conversion");
        assertThat(breach.decision()).isEqualTo(Decision.BREACHED);
        assertThat(breach.evidenceAt()).isNotNull();
        feed(20_000, 0.1, 0.9);

        assertThat(verdict("conversion")).isEqualTo(breach);
    }

    @Test
    void noExposureIsNoDataAndNeverHealthy() {
        assertThat(verdict("conversion").decision()).isEqualTo(Decision.UNDECIDED);
        assertThat(verdict("conversion").reasons()).containsExactly(Reason.NO_DATA);
    }

    @Test
    void armThatIsNotSeenForAMinuteIsStale() {
        feed(1_000, 0.2, 0.2);
        assertThat(verdict("conversion").reasons()).doesNotContain(Reason.STALE);
        now += 2 * MINUTE;

        assertThat(verdict("conversion").reasons()).contains(Reason.STALE);
    }

    @Test
    void armsThatDoNotFitTheirSharesAreAMismatch() {
        add(1, "off", ComparedPlan.NEVER, 1_000, 200, 100);
        add(1, "on", ComparedPlan.NEVER, 500, 100, 50);

        assertThat(verdict("conversion").reasons()).contains(Reason.SAMPLE_RATIO_MISMATCH);
        assertThat(verdict("conversion").decision()).isNotEqualTo(Decision.HEALTHY);
    }

    @Test
    void outcomesThatStopInBothArmsAreSilenceAndNotHealth() {
        feed(20_000, 0.2, 0.2);
        assertThat(verdict("conversion").decision()).isEqualTo(Decision.HEALTHY);
        feed(300, 0, 0);

        assertThat(verdict("conversion").reasons()).contains(Reason.METRIC_SILENT);
        assertThat(verdict("conversion").decision()).isEqualTo(Decision.UNDECIDED);
    }

    @Test
    void newStageProvesItselfAgain() {
        feed(20_000, 0.2, 0.2);
        assertThat(verdict("conversion").decision()).isEqualTo(Decision.HEALTHY);
        blocks.addAll(tally.onRollout(Given.inStage(1), now));

        assertThat(verdict("conversion").stage()).isEqualTo(1);
        assertThat(verdict("conversion").decision()).isEqualTo(Decision.UNDECIDED);
    }

    @Test
    void treatmentThatNeverConvertsIsABreach() {
        feed(4_000, 0.2, 0);

        assertThat(verdict("conversion").decision()).isEqualTo(Decision.BREACHED);
        assertThat(verdict("conversion").estimate().ratio()).isZero();
    }

    @Test
    void blocksAreNumberedWithoutGaps() {
        feed(2_000, 0.2, 0.2);

        for (int i = 0; i < blocks.size(); i++) {
            assertThat(blocks.get(i).seq()).isEqualTo(i + 1);
        }
    }

    /** New units, one by one, 5 % of them treated. */
    private void feed(int units, double control, double treatment) {
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < units; i++) {
            boolean treated = random.nextDouble() < 0.05;
            boolean converts = random.nextDouble() < (treated ? treatment : control);
            add(1, treated ? "on" : "off", ComparedPlan.NEVER, 1, converts ? 1 : 0, 0);
            now += 10;
        }
    }

    private void add(int allocation, String variant, int band, long units, long purchases, long errors) {
        Map<String, MetricCount> metrics =
                Map.of("conversion", new MetricCount(units, purchases), "errors", new MetricCount(units, errors));
        Delta delta = new Delta(
                Given.FLAG.key(),
                1,
                Map.of(new Cell(allocation, "rest", variant, band), new CellCounts(units, metrics)),
                Map.of(),
                0);
        blocks.addAll(tally.onDelta(delta, now, now));
    }

    private MetricCounts last(String metric) {
        return blocks.get(blocks.size() - 1).metrics().stream()
                .filter(each -> each.metric().equals(metric))
                .findFirst()
                .orElseThrow();
    }

    private Verdict verdict(String guardrail) {
        return tally.verdicts(Instant.ofEpochMilli(now)).stream()
                .filter(each -> each.guardrail().equals(guardrail))
                .findFirst()
                .orElseThrow();
    }
}
