// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.backtest;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

import dev.belay.contracts.metrics.MetricDefinition;
import dev.belay.contracts.rollouts.Guardrail;
import dev.belay.contracts.rollouts.Sensitivity;
import dev.belay.judging.attribution.Given;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class BacktestTest {
    private static final Instant START = Instant.parse("2026-03-02T09:00:00Z");
    private static final int USERS = 6_000;

    /** One visit of each user a second, arms in turn; in control each third converts, of the treatment as many as asked. */
    private static List<RecordedVisit> visits(double ratio) {
        SplittableRandom random = new SplittableRandom(7);
        return IntStream.range(0, USERS)
                .mapToObj(i -> {
                    boolean treated = i % 2 == 1;
                    boolean converted = random.nextDouble() < (treated ? ratio : 1) * 0.33;
                    String country = i % 6 < 2 ? "GB" : "US";
                    return new RecordedVisit(
                            "u" + i, START.plusSeconds(i), treated, converted, Map.of("country", country));
                })
                .toList();
    }

    private static BacktestPlan question(String... dimensions) {
        return question(List.of(falls("conversion")), List.of(metric("conversion", BacktestPlan.EVENT)), dimensions);
    }

    private static BacktestPlan question(
            List<Guardrail> guardrails, List<MetricDefinition> metrics, String... dimensions) {
        return new BacktestPlan(guardrails, metrics, List.of(dimensions), Sensitivity.BALANCED);
    }

    private static Guardrail falls(String metric) {
        return Given.falls(metric, metric, 0.2);
    }

    private static MetricDefinition metric(String name, String event) {
        return Samples.conversion(name, event);
    }

    @Test
    void aHarmlessRecordingIsCountedToTheUnitAndNotRolledBack() {
        List<RecordedVisit> visits = visits(1);

        Backtest.Finding finding = Backtest.run(question(), visits);

        assertThat(finding.firing()).isNull();
        assertThat(finding.guardrail()).isEqualTo("conversion");
        assertThat(finding.control().exposed()).isEqualTo(USERS / 2);
        assertThat(finding.treatment().exposed()).isEqualTo(USERS / 2);
        assertThat(finding.control().events()).isEqualTo(converted(visits, false));
        assertThat(finding.treatment().events()).isEqualTo(converted(visits, true));
        assertThat(finding.excluded()).isEmpty();
        assertThat(finding.logHarm()).isLessThan(Math.log(100));
    }

    private static long converted(List<RecordedVisit> visits, boolean treated) {
        return visits.stream()
                .filter(visit -> visit.treated() == treated && visit.converted())
                .count();
    }

    @Test
    void aHarmfulRecordingIsRolledBackAtItsTimeWithItsNumbers() {
        Backtest.Finding finding = Backtest.run(question(), visits(0.6));

        assertThat(finding.firing()).isNotNull();
        assertThat(finding.firing().at()).isBetween(START.plusSeconds(100), START.plusSeconds(USERS));
        long seconds = finding.firing().at().getEpochSecond() - START.getEpochSecond();
        assertThat(finding.firing().treatedUnits()).isBetween(seconds / 2 - 60, seconds / 2 + 1);
        assertThat(finding.firing().logHarm()).isGreaterThanOrEqualTo(Math.log(100));
        assertThat(finding.firing().estimate().ratio()).isLessThan(0.8);
        assertThat(finding.treatment().exposed()).isEqualTo(USERS / 2);
    }

    @Test
    void theSameVisitsGiveTheSameAnswerBitForBit() {
        assertThat(Backtest.run(question("country"), visits(0.7)))
                .isEqualTo(Backtest.run(question("country"), visits(0.7)));
    }

    @Test
    void aRepeatedVisitCountsOnceAndAUnitOfBothArmsNever() {
        List<RecordedVisit> visits = new ArrayList<>(visits(1));
        RecordedVisit first = visits.get(0);
        visits.add(new RecordedVisit(
                first.unit(), START.plusSeconds(USERS), first.treated(), first.converted(), Map.of()));
        RecordedVisit second = visits.get(2);
        visits.add(new RecordedVisit(second.unit(), START.plusSeconds(USERS), !second.treated(), true, Map.of()));

        Backtest.Finding finding = Backtest.run(question(), visits);

        assertThat(finding.control().exposed()).isEqualTo(USERS / 2 - 1);
        assertThat(finding.treatment().exposed()).isEqualTo(USERS / 2);
        assertThat(finding.excluded()).hasSize(1).containsValue(1L);
    }

    @Test
    void aConversionOnALaterVisitCounts() {
        List<RecordedVisit> visits = new ArrayList<>();
        for (RecordedVisit each : visits(1).subList(0, 400)) {
            visits.add(each.withoutConversion());
        }
        visits.add(new RecordedVisit("u0", START.plusSeconds(1_000_000), false, true, Map.of()));

        assertThat(Backtest.run(question(), visits).control().events()).isEqualTo(1);
    }

    @Test
    void harmInOneSegmentIsNamedThoughAllTogetherGain() {
        List<RecordedVisit> visits = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(3);
        for (RecordedVisit each : visits(1)) {
            boolean isBritish = each.dimensions().get("country").equals("GB");
            double rate = !each.treated() ? 0.3 : isBritish ? 0.12 : 0.45;
            visits.add(new RecordedVisit(
                    each.unit(), each.at(), each.treated(), random.nextDouble() < rate, each.dimensions()));
        }

        Backtest.Finding finding = Backtest.run(question("country"), visits);

        assertThat(finding.firing()).isNotNull();
        assertThat(finding.firing().segment()).isEqualTo("country=GB");
        assertThat(finding.estimate().ratio()).isGreaterThan(1);
    }

    @Test
    void whatTheRecordingSaysNothingOfTakesItsPartOfAlphaAndFiresNever() {
        BacktestPlan alone = question();
        BacktestPlan shared = question(
                List.of(falls("revenue"), falls("conversion")),
                List.of(metric("revenue", "elsewhere"), metric("conversion", BacktestPlan.EVENT)));

        Backtest.Finding one = Backtest.run(alone, visits(0.6));
        Backtest.Finding two = Backtest.run(shared, visits(0.6));

        assertThat(two.guardrail()).isEqualTo("conversion");
        assertThat(two.firing().treatedUnits())
                .isGreaterThanOrEqualTo(one.firing().treatedUnits());
        assertThatThrownBy(() -> question(List.of(falls("revenue")), List.of(metric("revenue", "elsewhere"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("guardrails must compare what the recording is about");
    }

    @Test
    void shuffledLabelsKeepTheArmsSizesAndMeanNothing() {
        List<RecordedVisit> visits = visits(0.5);
        List<RecordedVisit> shuffled = Recordings.shuffled(visits, 1);

        assertThat(shuffled.stream().filter(RecordedVisit::treated).count()).isEqualTo(USERS / 2);
        assertThat(shuffled).isNotEqualTo(visits).isEqualTo(Recordings.shuffled(visits, 1));
        Set<Boolean> fired = new HashSet<>();
        for (int seed = 1; seed <= 10; seed++) {
            fired.add(Backtest.fires(question(), Recordings.shuffled(visits, seed)));
        }
        assertThat(fired).containsExactly(false);
        assertThat(Backtest.fires(question(), visits)).isTrue();
    }

    @Test
    void unitsOfBothArmsAreLeftOutOfShuffledLabels() {
        List<RecordedVisit> visits = new ArrayList<>(visits(1));
        visits.add(new RecordedVisit("u0", START.plusSeconds(USERS), true, true, Map.of()));

        assertThat(Recordings.shuffled(visits, 1)).hasSize(USERS - 1).noneMatch(visit -> visit.unit()
                .equals("u0"));
    }

    @Test
    void thinningTakesConversionsOfTheTreatmentOnly() {
        List<RecordedVisit> visits = visits(1);
        List<RecordedVisit> thinned = Recordings.thinned(visits, 0.3, 1);

        assertThat(converted(thinned, false)).isEqualTo(converted(visits, false));
        assertThat((double) converted(thinned, true) / converted(visits, true)).isBetween(0.65, 0.75);
        assertThat(converted(Recordings.thinned(visits, 1, 1), true)).isZero();
        assertThatThrownBy(() -> Recordings.thinned(visits, 1.1, 1))
                .hasMessageContaining("must lie in [0, 1], was 1.1");
    }

    @Test
    void anArmWithOneUnitIsAnOrdinaryInput() {
        List<RecordedVisit> visits = new ArrayList<>();
        visits.add(new RecordedVisit("t", START, true, false, Map.of()));
        for (int i = 0; i < 500; i++) {
            visits.add(new RecordedVisit("c" + i, START.plusSeconds(i + 1L), false, true, Map.of()));
        }

        Backtest.Finding finding = Backtest.run(question(), visits);

        assertThat(finding.firing()).isNull();
        assertThat(finding.control().exposed()).isEqualTo(500);
        assertThat(finding.treatment().exposed()).isEqualTo(1);
    }
}
