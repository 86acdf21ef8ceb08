// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.tally;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;

import dev.belay.contracts.Json;
import dev.belay.contracts.rollouts.Guardrail;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.verdicts.Block;
import dev.belay.contracts.verdicts.Decision;
import dev.belay.contracts.verdicts.Evidence;
import dev.belay.contracts.verdicts.MemberEvidence;
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
import static org.assertj.core.api.Assertions.offset;

/** Segments, several treatments, and what guardrails that only hold or tell may do. */
class SegmentsTest {
    private static final Guardrail CONVERSION = Given.falls("conversion", "conversion", 0.2);
    private static final Plan HALF = Given.plan(List.of(Given.stage("half", 50, null)), CONVERSION);
    private static final Plan WATCHED = Given.watching(HALF, "country");
    private static final double BASE = 0.2;

    private final List<Block> blocks = new ArrayList<>();
    private RolloutTally tally = tally(WATCHED);
    private long now = Given.START.toEpochMilli();

    @Test
    void harmInOneCountryIsNamedThoughAllTogetherGain() {
        Map<String, Double> effect = Map.of("US", 1.15, "IN", 1.15, "GB", 0.7);
        visit(60_000, List.of("US", "IN", "GB"), effect, 11);

        Verdict breach = tally.firstBreach().orElseThrow();
        assertThat(breach.segment()).isEqualTo("country=GB");
        assertThat(breach.estimate().ratio()).isLessThanOrEqualTo(0.8);
        assertThat(breach.sentence()).startsWith("conversion in country=GB −").contains("limit −20 %, evidence ");
        assertThat(verdict("conversion", null).decision()).isNotEqualTo(Decision.BREACHED);
        assertThat(verdict("conversion", null).estimate().ratio()).isGreaterThan(0.9);
        assertThat(tally.breaches()).hasSize(1);
    }

    @Test
    void segmentsThatAreAlikeAreNeverCalledDifferent() {
        for (int seed = 0; seed < 10; seed++) {
            tally = tally(WATCHED);
            visitAll(6_000, List.of("US", "IN", "GB", "FR", "DE"), Map.of(), seed);
            assertThat(tally.verdicts(Instant.ofEpochMilli(now)))
                    .as("seed " + seed)
                    .allMatch(verdict -> verdict.notes().stream().noneMatch(note -> note.contains("differently")));
        }
    }

    @Test
    void segmentThatGainsIsCalledDifferentFromTheRest() {
        visitAll(20_000, List.of("US", "IN", "GB"), Map.of("US", 1.6), 3);

        assertThat(tally.verdicts(Instant.ofEpochMilli(now)))
                .filteredOn(verdict -> "country=US".equals(verdict.segment()))
                .flatExtracting(Verdict::notes)
                .singleElement()
                .asString()
                .matches("country=US behaves differently from the rest: \\+\\d+ … \\+\\d+ % against .*");
    }

    @Test
    void oneOfTwentyCountriesThatLosesMostIsNamed() {
        List<String> countries =
                Stream.iterate(1, i -> i + 1).limit(20).map(i -> "c" + i).toList();
        visit(120_000, countries, Map.of("c13", 0.4), 5);

        assertThat(tally.firstBreach().map(Verdict::segment)).contains("country=c13");
    }

    @Test
    void harmlessSegmentsAreNotRolledBack() {
        List<String> countries =
                Stream.iterate(1, i -> i + 1).limit(10).map(i -> "c" + i).toList();
        for (int seed = 0; seed < 20; seed++) {
            tally = tally(WATCHED);
            visit(8_000, countries, Map.of(), seed);
            assertThat(tally.isBreached()).as("seed " + seed).isFalse();
        }
    }

    @Test
    void signOfHarmInASegmentHoldsTheStageOfEveryoneAndSaysWhere() {
        for (int i = 0;
                i < 400 && verdict("conversion", null).reasons().stream().noneMatch(Reason.WARNING::equals);
                i++) {
            visit(200, List.of("US", "US", "US", "US", "GB"), Map.of("US", 1.1, "GB", 0.75), i);
        }

        assertThat(verdict("conversion", null).reasons()).contains(Reason.WARNING);
        assertThat(verdict("conversion", null).decision()).isEqualTo(Decision.UNDECIDED);
        assertThat(verdict("conversion", null).notes()).contains("a sign of harm in country=GB");
    }

    @Test
    void fiftyValuesAreJudgedEachAndTheRestTogether() {
        for (int value = 0; value < 400; value++) {
            for (int unit = 0; unit < 4; unit++) {
                add("v" + value, unit % 2 == 0 ? "on" : "off", 1, 0);
            }
        }
        blocks.addAll(tally.onTime(now, true));

        List<String> segments = tally.evidence(Given.START).stream()
                .map(Evidence::segment)
                .filter(each -> each != null)
                .toList();
        assertThat(segments).hasSize(51).contains("country=other", "country=v0", "country=v49");
        assertThat(evidence("country=other").treatment().exposed()).isEqualTo(2 * 350);
        add("v399", "on", -1, 0);
        blocks.addAll(tally.onTime(now, true));
        assertThat(evidence("country=other").treatment().exposed())
                .as("taken out where it was counted")
                .isEqualTo(699);
    }

    @Test
    void harmAmongTheRestTakesOutEverythingBecauseTheRestCannotBeTargeted() {
        Map<String, Double> effects = new HashMap<>();
        List<String> countries = new ArrayList<>();
        for (int value = 0; value < 80; value++) {
            String country = "v" + value;
            add(country, value % 2 == 0 ? "on" : "off", 1, 0);
            countries.add(country);
            effects.put(country, value < 50 ? 1.35 : 0.4);
        }
        visit(60_000, countries, effects, 3);

        Verdict other = verdict("conversion", "country=other");
        assertThat(other.decision()).isEqualTo(Decision.BREACHED);
        assertThat(other.scope()).isEqualTo(Guardrail.Scope.ALL);
        assertThat(verdict("conversion", "country=v1").scope()).isEqualTo(Guardrail.Scope.AUTO);
    }

    @Test
    void weightsOfEveryoneAndOfAllSegmentsThatCanComeSumToOneAtMost() {
        tally = tally(Given.watching(HALF, "country", "platform"));
        for (int value = 0; value < 60; value++) {
            add("v" + value, value % 2 == 0 ? "on" : "off", 2, 0);
            add("platform=p" + value, value % 2 == 0 ? "off" : "on", 2, 0);
            add("v" + value, value % 2 == 0 ? "off" : "on", 2, 0);
            add("platform=p" + value, value % 2 == 0 ? "on" : "off", 2, 0);
        }
        blocks.addAll(tally.onTime(now, true));

        double sum = tally.evidence(Given.START).stream()
                .flatMap(each -> each.members().stream())
                .mapToDouble(MemberEvidence::weight)
                .sum();
        assertThat(tally.evidence(Given.START)).hasSize(1 + 2 * 51);
        assertThat(sum).isCloseTo(1, offset(1e-9));
        assertThat(evidence(null).members().get(0).weight()).isEqualTo(0.8);
    }

    @Test
    void blocksAloneGiveTheSegmentsTheSameEvidenceBitForBit() {
        visit(4_000, List.of("US", "IN", "GB"), Map.of("GB", 0.7), 1);
        RolloutJudge judge = RolloutJudge.start(WATCHED);
        blocks.forEach(block -> judge.apply(Json.read(Json.write(block), Block.class)));

        assertThat(judge.segments("on")).hasSize(3);
        for (String segment : judge.segments("on")) {
            assertThat(judge.standing("on", "conversion", segment).members())
                    .isEqualTo(evidence(segment).members());
        }
    }

    @Test
    void segmentsThatWereStoredAndRestoredGoOnBitForBit() {
        visit(2_000, List.of("US", "IN", "GB"), Map.of(), 1);
        Map<String, RolloutTally.SegmentHead> stored = new HashMap<>();
        tally.takeChangedSegments()
                .forEach(each ->
                        stored.put(each.segment(), Json.read(Json.write(each), RolloutTally.SegmentHead.class)));
        CellBook book = new CellBook();
        tally.book().takeChanges().forEach(key -> book.restore(key, tally.book().value(key)));
        RolloutTally.Head head = Json.read(Json.write(tally.head()), RolloutTally.Head.class);
        RolloutTally original = tally;
        RolloutTally restored = RolloutTally.restore(tally.rollout(), book, head, stored.values(), Pace.DEFAULT);
        long then = now;
        visit(2_000, List.of("US", "IN", "GB", "FR"), Map.of(), 2);
        tally = restored;
        now = then;
        visit(2_000, List.of("US", "IN", "GB", "FR"), Map.of(), 2);

        assertThat(stored).hasSize(3);
        assertThat(restored.evidence(Given.START)).isEqualTo(original.evidence(Given.START));
    }

    @Test
    void threeCountersAndAGuardrailThatHoldsDelayNoRollback() {
        Plan more = Given.plan(
                HALF.stages(),
                CONVERSION,
                Given.guardrail("holding", "errors", Guardrail.Limit.RISES, 0.3, Guardrail.Then.HOLD),
                Given.above("crashes", "crashes", 50),
                Given.above("crashes-too", "crashes", 60),
                Given.above("crashes-as-well", "crashes", 70));
        for (int seed = 0; seed < 10; seed++) {
            long alone = treatedUntilBreach(HALF, seed);
            assertThat(treatedUntilBreach(more, seed)).as("seed " + seed).isLessThanOrEqualTo(alone + alone / 50);
        }
    }

    private long treatedUntilBreach(Plan plan, int seed) {
        tally = tally(plan);
        for (int i = 0; !tally.isBreached(); i++) {
            visit(10, List.of("US"), Map.of("US", 0.75), 1_000 * seed + i);
        }
        Verdict breach = tally.firstBreach().orElseThrow();
        assertThat(breach.guardrail()).isEqualTo("conversion");
        return breach.treatment().exposed();
    }

    @Test
    void eachGuardrailThatHoldsIsNamedWhateverAnotherProvedBefore() {
        tally = tally(Given.plan(
                HALF.stages(),
                Given.guardrail("first", "conversion", Guardrail.Limit.FALLS, 0.2, Guardrail.Then.HOLD),
                Given.guardrail("second", "errors", Guardrail.Limit.RISES, 0.3, Guardrail.Then.HOLD)));
        visit(6_000, List.of("US"), Map.of("US", 0.3), 1);
        assertThat(tally.breaches()).extracting(Verdict::guardrail).containsExactly("first");
        for (int i = 0; i < 600; i++) {
            error(i % 2 == 0 ? "on" : "off", i % 2 == 0);
        }

        assertThat(tally.breaches()).extracting(Verdict::guardrail).containsExactly("first", "second");
        assertThat(tally.breaches()).extracting(Verdict::then).containsOnly(Guardrail.Then.HOLD);
    }

    @Test
    void ofSeveralTreatmentsTheOneThatHarmsIsNamedWithItsShareOfAlpha() {
        tally = tally(Given.treating(HALF, "on", "other"));
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 12_000; i++) {
            double arm = random.nextDouble();
            String variant = arm < 0.5 ? "off" : arm < 0.75 ? "on" : "other";
            boolean converts = random.nextDouble() < (variant.equals("other") ? 0.5 : 1) * BASE;
            add("US", variant, 1, converts ? 1 : 0);
        }

        assertThat(tally.breaches()).singleElement().satisfies(breach -> {
            assertThat(breach.variant()).isEqualTo("other");
            assertThat(breach.logLimit()).isEqualTo(Math.log(2 / Plan.ALPHA), offset(1e-12));
        });
        assertThat(tally.verdicts(Given.START).stream()
                        .filter(each -> each.variant().equals("on") && each.segment() == null)
                        .map(Verdict::decision))
                .containsExactly(Decision.HEALTHY);
    }

    private static RolloutTally tally(Plan plan) {
        RolloutTally tally = RolloutTally.start(Given.inStage(plan, 0), new CellBook(), Pace.DEFAULT);
        return Optional.ofNullable(tally).orElseThrow();
    }

    /** New units of these countries, half of them treated, until something is breached. */
    private void visit(int units, List<String> countries, Map<String, Double> effects, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < units && tally.breaches().isEmpty(); i++) {
            visit(random, countries, effects);
        }
    }

    private void visitAll(int units, List<String> countries, Map<String, Double> effects, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < units; i++) {
            visit(random, countries, effects);
        }
    }

    private void visit(SplittableRandom random, List<String> countries, Map<String, Double> effects) {
        String country = countries.get(random.nextInt(countries.size()));
        boolean treated = random.nextBoolean();
        double rate = BASE * (treated ? effects.getOrDefault(country, 1.0) : 1);
        add(country, treated ? "on" : "off", 1, random.nextDouble() < rate ? 1 : 0);
        now += 10;
    }

    /** Units of a country, or of another segment that is written out. */
    private void add(String country, String variant, long units, long purchases) {
        add(country, variant, Map.of("conversion", new MetricCount(units, purchases)), units);
    }

    private void error(String variant, boolean fails) {
        add("US", variant, Map.of("conversion", new MetricCount(1, 0), "errors", new MetricCount(1, fails ? 1 : 0)), 1);
    }

    private void add(String country, String variant, Map<String, MetricCount> metrics, long units) {
        Cell cell = new Cell(1, "rest", variant, ComparedPlan.NEVER);
        CellCounts counts = new CellCounts(units, metrics);
        Map<Cell, CellCounts> cells = new HashMap<>(Map.of(cell, counts));
        if (!tally.rollout().plan().watchBy().isEmpty()) {
            cells.put(cell.in(country.contains("=") ? country : "country=" + country), counts);
        }
        blocks.addAll(tally.onDelta(new Delta(Given.FLAG.key(), 1, cells, Map.of(), 0), now, now));
    }

    private Evidence evidence(String segment) {
        return tally.evidence(Given.START).stream()
                .filter(each -> Objects.equals(each.segment(), segment))
                .findFirst()
                .orElseThrow();
    }

    private Verdict verdict(String guardrail, String segment) {
        return tally.verdicts(Instant.ofEpochMilli(now)).stream()
                .filter(each -> each.guardrail().equals(guardrail))
                .filter(each -> Objects.equals(each.segment(), segment))
                .findFirst()
                .orElseThrow();
    }
}
