// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.tally;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

import dev.belay.contracts.Json;
import dev.belay.contracts.rollouts.Guardrail;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.rollouts.Sensitivity;
import dev.belay.contracts.verdicts.Block;
import dev.belay.contracts.verdicts.Counts;
import dev.belay.contracts.verdicts.Decision;
import dev.belay.contracts.verdicts.Evidence;
import dev.belay.contracts.verdicts.MemberEvidence;
import dev.belay.contracts.verdicts.MetricCounts;
import dev.belay.contracts.verdicts.Reason;
import dev.belay.contracts.verdicts.Verdict;
import dev.belay.judging.attribution.Cell;
import dev.belay.judging.attribution.CellCounts;
import dev.belay.judging.attribution.CellCounts.MetricCount;
import dev.belay.judging.attribution.ComparedPlan;
import dev.belay.judging.attribution.Delta;
import dev.belay.judging.attribution.Given;
import dev.belay.judging.attribution.JoinCount;
import dev.belay.judging.judge.RolloutJudge;
import dev.belay.judging.judge.Shares;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.offset;

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
    void armThatLostItsLastUnitIsNoLongerCompared() {
        add(1, "off", ComparedPlan.NEVER, 20, 4, 0);
        add(1, "on", ComparedPlan.NEVER, 1, 1, 0);
        assertThat(evidence("conversion").strata()).hasSize(1);

        add(1, "on", ComparedPlan.NEVER, -1, -1, 0);
        blocks.addAll(tally.onTime(now, true));

        assertThat(evidence("conversion").strata()).isEmpty();
        assertThat(evidence("conversion").treatment()).isEqualTo(Counts.NONE);
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

    @Test
    void outcomeAfterALongSilenceDoesNotEndABlock() {
        feed(100, 0.2, 0.2);
        blocks.addAll(tally.onTime(now, true));
        blocks.clear();
        now += MINUTE - 1;
        blocks.addAll(tally.onTime(now, false));
        add(1, "off", ComparedPlan.NEVER, 1, 0, 0);
        now += 1;
        blocks.addAll(tally.onTime(now, false));
        assertThat(blocks).as("at the minute").hasSize(1);
        now += 10 * MINUTE;
        blocks.addAll(tally.onTime(now, false));
        assertThat(blocks).as("nothing new").hasSize(1);

        add(1, "off", ComparedPlan.NEVER, 0, 1, 0);
        blocks.addAll(tally.onTime(now + MINUTE - 1, false));
        assertThat(blocks).as("after an outcome").hasSize(1);
        blocks.addAll(tally.onTime(now + MINUTE, false));
        assertThat(blocks).hasSize(2);
    }

    @Test
    void outcomeNeverEndsABlockThatIsFullForAnotherReason() {
        for (int i = 0; i < 30; i++) {
            add(2, "off", ComparedPlan.NEVER, 1, 0, 0);
            add(2, "on", ComparedPlan.NEVER, 1, 0, 0);
        }
        assertThat(blocks).as("of an allocation that is not known").isEmpty();
        add(2, "off", ComparedPlan.NEVER, 0, 1, 0);
        assertThat(blocks).isEmpty();

        blocks.addAll(tally.onRollout(Given.inStage(1), now));
        assertThat(blocks).hasSize(1);
    }

    @Test
    void outcomeDoesNotEndABlockThatBecameFullByWhatOthersLost() {
        given(Given.through(Given.plan(), 0, 0));
        add(1, "off", ComparedPlan.NEVER, 450, 0, 0);
        add(1, "on", ComparedPlan.NEVER, 30, 0, 0);
        add(2, "off", ComparedPlan.NEVER, 15, 0, 0);
        add(2, "on", ComparedPlan.NEVER, 15, 0, 0);
        add(1, "off", ComparedPlan.NEVER, -20, 0, 0);
        assertThat(blocks).hasSize(1);

        add(2, "off", ComparedPlan.NEVER, 0, 1, 0);
        assertThat(blocks).as("after an outcome").hasSize(1);
        add(2, "off", ComparedPlan.NEVER, 1, 0, 0);
        assertThat(blocks).as("after an exposure").hasSize(2);
    }

    @Test
    void stateCanBeStoredInAnyMoment() {
        blocks.addAll(tally.onRollout(Given.inStage(1), now));
        assertThat(stored(tally.head())).as("before the first block").isEqualTo(tally.head());
        add(2, "off", 2, 20, 2, 1);
        add(2, "on", ComparedPlan.NEVER, 20, 2, 1);
        blocks.addAll(tally.onRollout(Given.inStage(2), now));
        assertThat(stored(tally.head())).as("right after a raise").isEqualTo(tally.head());
        feed(3, 5_000, 0.5, 0.3, 0);
        assertThat(tally.isBreached()).isTrue();

        assertThat(stored(tally.head())).as("after a breach").isEqualTo(tally.head());
    }

    @Test
    void blocksAloneGiveTheSameEvidenceAcrossRaises() {
        feed(1_000, 0.2, 0.2);
        blocks.addAll(tally.onRollout(Given.inStage(1), now));
        feed(2, 1_000, 0.25, 0.2, 0.1);
        add(1, "off", ComparedPlan.NEVER, 0, 3, 0);
        add(2, "off", ComparedPlan.NEVER, 50, 3, 0);
        RolloutJudge judge = RolloutJudge.start(Given.plan());
        blocks.forEach(judge::apply);

        assertThat(judge.snapshot()).isEqualTo(tally.head().judge());
    }

    @Test
    void newAllocationOfTheSameStageIsAStratumOfItsOwnAndTheStageGoesOn() {
        given(Given.inStage(1));
        feed(2, 3_000, 0.25, 0.2, 0.2);
        double before = verdict("conversion").logHealthy();
        long users = verdict("conversion").stageTreatment();
        blocks.clear();
        blocks.addAll(tally.onRollout(Given.through(Given.plan(), 0, 1, 1), now));
        assertThat(verdict("conversion").logHealthy()).isEqualTo(before);
        feed(3, 3_000, 0.25, 0.2, 0.2);

        assertThat(blocks).allMatch(block -> block.allocation() == 3 && block.stage() == 1);
        assertThat(evidence("conversion").strata()).hasSize(2);
        assertThat(verdict("conversion").logHealthy()).isGreaterThan(before);
        assertThat(verdict("conversion").stageTreatment())
                .as("the same people may be in both")
                .isBetween(users, 2 * users - 100);
        assertThat(verdict("conversion").reasons()).doesNotContain(Reason.SAMPLE_RATIO_MISMATCH);
    }

    @Test
    void bothArmsFallingByFourFifthsIsNotHarmAndSaysThatControlFell() {
        feed(20_000, 0.2, 0.2);
        assertThat(verdict("conversion").decision()).isEqualTo(Decision.HEALTHY);
        feed(20_000, 0.04, 0.04);

        assertThat(verdict("conversion").decision()).isEqualTo(Decision.UNDECIDED);
        assertThat(verdict("conversion").reasons()).containsExactly(Reason.CONTROL_FELL);
        assertThat(verdict("conversion").notes())
                .singleElement()
                .asString()
                .contains("conversion of control fell too", "earlier in the stage");
        feed(2_000, 0.2, 0.2);
        assertThat(verdict("conversion").decision()).as("when it is back").isEqualTo(Decision.HEALTHY);
    }

    @Test
    void harmInAFallOfBothArmsIsABreachThatSaysSo() {
        feed(20_000, 0.2, 0.2);
        feed(1, 20_000, 0.5, 0.04, 0.0);

        assertThat(verdict("conversion").decision()).isEqualTo(Decision.BREACHED);
        assertThat(verdict("conversion").reasons()).contains(Reason.CONTROL_FELL);
    }

    @Test
    void outcomesOfPeopleWhoNeverSawTheFlagAreSaidAndNeverHealth() {
        tally.onJoins(Map.of("purchase", new JoinCount(412, 0, "user:other-7")));
        feed(2_000, 0, 0);

        assertThat(verdict("conversion").decision()).isEqualTo(Decision.UNDECIDED);
        assertThat(verdict("conversion").reasons()).contains(Reason.NOT_JOINED);
        assertThat(verdict("conversion").notes())
                .containsExactly(
                        "0 % of 412 purchase outcomes joined a user who saw the flag; example id user:other-7");
        assertThat(verdict("errors").reasons()).doesNotContain(Reason.NOT_JOINED);
    }

    @Test
    void reasonsFollowFromTheBlocksAlone() {
        feed(10_000, 0.2, 0.2);
        tally.onJoins(Map.of("error", new JoinCount(50, 0, "user:x")));
        contaminate(200);
        feed(1, 4_000, 0.3, 0.03, 0.03);
        RolloutJudge judge = RolloutJudge.start(Given.plan());
        blocks.forEach(block -> judge.apply(Json.read(Json.write(block), Block.class)));

        List<Reason> reasons = judge.doubts("on", "conversion", Shares.of(tally.rollout()));
        assertThat(reasons)
                .contains(Reason.SAMPLE_RATIO_MISMATCH, Reason.CONTAMINATED, Reason.CONTROL_FELL)
                .isEqualTo(verdict("conversion").reasons());
        assertThat(judge.doubts("on", "errors", Shares.of(tally.rollout())))
                .contains(Reason.NOT_JOINED)
                .isEqualTo(verdict("errors").reasons());
    }

    @Test
    void errorsThatOnlyTreatmentHasAreABreach() {
        for (int i = 0; i < 400; i++) {
            add(1, "off", ComparedPlan.NEVER, 19, 0, 0);
            add(1, "on", ComparedPlan.NEVER, 1, 0, i % 3 == 0 ? 1 : 0);
        }

        assertThat(verdict("errors").decision()).isEqualTo(Decision.BREACHED);
        assertThat(verdict("errors").estimate().ratio()).isNull();
        assertThat(verdict("conversion").decision()).isEqualTo(Decision.UNDECIDED);
    }

    @Test
    void errorsThatNobodyHasProveNothing() {
        feed(20_000, 0.2, 0.2);

        assertThat(verdict("errors").decision()).isEqualTo(Decision.UNDECIDED);
        assertThat(verdict("errors").reasons()).containsExactly(Reason.NOT_ENOUGH_EVIDENCE);
        assertThat(verdict("errors").logEvidence()).isLessThanOrEqualTo(0);
    }

    @Test
    void oneInAHundredIsEnoughToFindATotalLoss() {
        given(Given.inStage(Given.plan(List.of(Given.stage("few", 1, null)), conversion()), 0));
        feed(1, 60_000, 0.01, 0.2, 0);

        assertThat(verdict("conversion").decision()).isEqualTo(Decision.BREACHED);
        assertThat(verdict("conversion").treatment().exposed()).isLessThan(200);
    }

    @Test
    void everyoneWithAShareOnControlIsCompared() {
        given(Given.inStage(Given.plan(List.of(Given.stage("everyone", 100, 5.0)), conversion()), 0));
        feed(1, 20_000, 0.95, 0.2, 0.2);
        assertThat(verdict("conversion").decision()).isEqualTo(Decision.HEALTHY);
        assertThat(verdict("conversion").reasons()).isEmpty();

        feed(1, 20_000, 0.95, 0.2, 0.05);
        assertThat(verdict("conversion").decision()).isEqualTo(Decision.BREACHED);
    }

    @Test
    void everyoneWithoutControlCannotBeCompared() {
        Plan plan =
                Given.plan(List.of(Given.stage("half", 50, null), Given.stage("everyone", 100, null)), conversion());
        given(Given.inStage(plan, 0));
        feed(1, 10_000, 0.5, 0.2, 0.2, 1);
        assertThat(verdict("conversion").decision()).isEqualTo(Decision.HEALTHY);
        blocks.addAll(tally.onRollout(Given.inStage(plan, 1), now));
        add(2, "on", ComparedPlan.NEVER, 5_000, 0, 5_000);

        assertThat(verdict("conversion").decision()).isEqualTo(Decision.NOT_APPLICABLE);
        assertThat(verdict("conversion").reasons()).containsExactly(Reason.NO_CONTROL);
        assertThat(verdict("conversion").control()).isEqualTo(Counts.NONE);
    }

    @Test
    void singleStageStakesEverythingOnTheRollout() {
        given(Given.inStage(Given.plan(List.of(Given.stage("half", 50, null)), conversion()), 0));
        feed(1, 500, 0.5, 0.2, 0.2);

        assertThat(evidence("conversion").members()).singleElement().satisfies(member -> {
            assertThat(member.scope()).isEqualTo("rollout");
            assertThat(member.weight()).isEqualTo(1);
        });
    }

    @Test
    void weightsOfAllMembersNeverExceedOne() {
        given(Given.inStage(Given.plan(), 2));
        double sum = tally.evidence(Given.START).stream()
                .flatMap(each -> each.members().stream())
                .mapToDouble(MemberEvidence::weight)
                .sum();

        assertThat(sum).isCloseTo(0.70 + 0.15, offset(1e-12));
    }

    @Test
    void planWithoutGuardrailsIsCountedAndSaysNothing() {
        given(Given.inStage(Given.plan(List.of(Given.stage("half", 50, null))), 0));
        feed(1, 500, 0.5, 0.2, 0);

        assertThat(blocks).isNotEmpty();
        assertThat(tally.verdicts(Given.START)).isEmpty();
        assertThat(tally.evidence(Given.START)).isEmpty();
        assertThat(tally.isBreached()).isFalse();
    }

    @Test
    void twoGuardrailsOnOneMetricAndTwoMetricsOfOneEventAreEachCounted() {
        given(Given.inStage(
                Given.plan(
                        List.of(Given.stage("half", 50, null)),
                        conversion(),
                        Given.rises("too-good", "conversion", 0.5),
                        Given.rises("errors", "errors", 0.3),
                        Given.rises("failures", "failures", 0.3)),
                0));
        feed(1, 2_000, 0.5, 0.2, 0.5);

        assertThat(verdict("too-good").decision()).isEqualTo(Decision.BREACHED);
        assertThat(verdict("conversion").decision()).isEqualTo(Decision.HEALTHY);
        assertThat(evidence("too-good").treatment())
                .isEqualTo(evidence("conversion").treatment());
        assertThat(evidence("failures").treatment().events())
                .isEqualTo(evidence("errors").treatment().events());
    }

    @Test
    void guardrailThatOnlyTellsNeitherRollsBackNorTakesFromTheBudget() {
        Guardrail tells = Given.guardrail("telling", "errors", Guardrail.Limit.RISES, 0.3, Guardrail.Then.NOTIFY);
        given(Given.inStage(Given.plan(List.of(Given.stage("half", 50, null)), conversion(), tells), 0));
        for (int i = 0; i < 500; i++) {
            add(1, "off", ComparedPlan.NEVER, 1, i % 5 == 0 ? 1 : 0, 0);
            add(1, "on", ComparedPlan.NEVER, 1, i % 5 == 0 ? 1 : 0, i % 5 == 0 ? 1 : 0);
        }

        assertThat(verdict("telling").decision()).isEqualTo(Decision.BREACHED);
        assertThat(verdict("conversion").decision()).isNotEqualTo(Decision.BREACHED);
        assertThat(evidence("conversion").members().get(0).weight()).isEqualTo(1);
        assertThat(evidence("telling").members().get(0).weight()).isEqualTo(1);
        assertThat(evidence("telling").logTotal()).isNull();
    }

    @Test
    void guardrailThatCannotBeComputedIsAnErrorAndDelaysNobody() {
        given(Given.inStage(
                Given.plan(
                        Sensitivity.TOLERANT,
                        Plan.ALPHA,
                        List.of(Given.stage("half", 50, null)),
                        conversion(),
                        Given.rises("absurd", "errors", 1_000)),
                0));
        feed(1, 4_000, 0.5, 0.2, 0);

        assertThat(verdict("absurd").reasons()).containsExactly(Reason.ERROR);
        assertThat(verdict("absurd").decision()).isEqualTo(Decision.UNDECIDED);
        assertThat(verdict("conversion").decision()).isEqualTo(Decision.BREACHED);
    }

    @Test
    void rolloutInAStageItsPlanDoesNotHaveIsRefused() {
        RolloutState beyond = Given.through(Given.plan(), 0, 3);

        assertThatIllegalArgumentException().isThrownBy(() -> tally.onRollout(beyond, now));
        assertThatIllegalArgumentException().isThrownBy(() -> RolloutTally.start(beyond, new CellBook(), Pace.DEFAULT));
        assertThat(tally.rollout().stage()).isZero();
        assertThat(tally.verdicts(Given.START)).hasSize(2);
    }

    @Test
    void recordsThatComeOutOfOrderDoNotMakeAnArmStale() {
        feed(1_000, 0.2, 0.2);
        add(1, "on", ComparedPlan.NEVER, 1, 0, 0);
        long latest = now;
        now = latest - 5 * MINUTE;
        add(1, "on", ComparedPlan.NEVER, 1, 0, 0);
        add(1, "off", ComparedPlan.NEVER, 1, 0, 0);
        now = latest;

        assertThat(verdict("conversion").reasons()).doesNotContain(Reason.STALE);
        assertThat(verdict("conversion").lastExposureAt()).isEqualTo(Instant.ofEpochMilli(latest));
    }

    @Test
    void unitsSeenInBothArmsMakeAComparisonContaminated() {
        feed(1_000, 0.2, 0.2);
        contaminate(9);
        blocks.addAll(tally.onTime(now, true));
        assertThat(verdict("conversion").reasons()).doesNotContain(Reason.CONTAMINATED);

        contaminate(3);
        blocks.addAll(tally.onTime(now, true));
        assertThat(verdict("conversion").reasons()).contains(Reason.CONTAMINATED);
        assertThat(verdict("conversion").excluded()).containsEntry("both-arms", 12L);
    }

    @Test
    void evidenceOfHarmBelowTheLimitIsAWarningAndNotHealth() {
        given(Given.inStage(Given.plan(List.of(Given.stage("half", 50, null)), conversion()), 0));
        for (int i = 0; i < 60_000 && !verdict("conversion").reasons().contains(Reason.WARNING); i += 100) {
            feed(1, 100, 0.5, 0.2, 0.17);
        }

        assertThat(verdict("conversion").reasons()).contains(Reason.WARNING);
        assertThat(verdict("conversion").decision()).isEqualTo(Decision.UNDECIDED);
        assertThat(verdict("conversion").logEvidence())
                .isLessThan(verdict("conversion").logLimit());
    }

    private static Guardrail conversion() {
        return Given.falls("conversion", "conversion", 0.2);
    }

    private void given(RolloutState rollout) {
        tally = RolloutTally.start(rollout, new CellBook(), Pace.DEFAULT);
    }

    private static RolloutTally.Head stored(RolloutTally.Head head) {
        return Json.read(Json.write(head), RolloutTally.Head.class);
    }

    /** New units, one by one, 5 % of them treated. */
    private void feed(int units, double control, double treatment) {
        feed(1, units, 0.05, control, treatment);
    }

    private void feed(int allocation, int units, double share, double control, double treatment) {
        feed(allocation, units, share, control, treatment, ComparedPlan.NEVER);
    }

    private void feed(int allocation, int units, double share, double control, double treatment, int band) {
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < units; i++) {
            boolean treated = random.nextDouble() < share;
            boolean converts = random.nextDouble() < (treated ? treatment : control);
            add(allocation, treated ? "on" : "off", treated ? ComparedPlan.NEVER : band, 1, converts ? 1 : 0, 0);
            now += 10;
        }
    }

    private void contaminate(int units) {
        Delta delta = new Delta(Given.FLAG.key(), 1, Map.of(), Map.of(), units);
        blocks.addAll(tally.onDelta(delta, now, now));
    }

    private void add(int allocation, String variant, int band, long units, long purchases, long errors) {
        Map<String, MetricCount> metrics = Map.of(
                "conversion", new MetricCount(units, purchases),
                "errors", new MetricCount(units, errors),
                "failures", new MetricCount(units, errors));
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

    private Evidence evidence(String guardrail) {
        return tally.evidence(Instant.ofEpochMilli(now)).stream()
                .filter(each -> each.guardrail().equals(guardrail))
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
