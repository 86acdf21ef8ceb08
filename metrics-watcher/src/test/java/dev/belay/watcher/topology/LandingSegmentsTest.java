// SPDX-License-Identifier: Apache-2.0
package dev.belay.watcher.topology;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;

import dev.belay.contracts.rollouts.Clause;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.verdicts.Counts;
import dev.belay.contracts.verdicts.Decision;
import dev.belay.contracts.verdicts.Evidence;
import dev.belay.contracts.verdicts.Reason;
import dev.belay.contracts.verdicts.Verdict;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The countries of a public A/B test of a landing page, through the real topology. Rates: the data's own page. */
class LandingSegmentsTest {
    private static final Plan BY_COUNTRY = Watched.watching(
            Watched.plan(List.of(Watched.percent(50, null)), Watched.falls("conversion", 0.20)), "country");
    private static final int GLANCE = 1_000;
    private static final long APART_MILLIS = 10;

    private record Row(String unit, boolean treatment, boolean converted, String country) {
        Row lost() {
            return new Row(unit, treatment, false, country);
        }
    }

    @Test
    void harmlessPageHasFairArmsAndNoCountryIsTakenBack() throws IOException {
        try (Watched watched = new Watched()) {
            watched.start(BY_COUNTRY);
            feedUntil(watched, rows(), each -> false);

            assertThat(watched.verdicts()).noneMatch(each -> each.decision() == Decision.BREACHED);
            assertThat(watched.verdicts())
                    .noneMatch(each -> each.reasons().contains(Reason.SAMPLE_RATIO_MISMATCH)
                            || each.reasons().contains(Reason.CONTAMINATED));
            Map<String, Evidence> last = lastBySegment(watched);
            assertThat(last.keySet()).containsExactlyInAnyOrder("", "country=US", "country=UK", "country=CA");
            assertThat(last.get("").control()).isEqualTo(new Counts(28_521, 3_472));
            assertThat(last.get("").treatment()).isEqualTo(new Counts(28_515, 3_387));
            assertRates(last.get("country=US"), 12.01, 11.78);
            assertRates(last.get("country=UK"), 12.59, 12.46);
            assertRates(last.get("country=CA"), 12.35, 10.34);
            assertThat(last.get("country=US").logHealthy())
                    .as("most visitors are from there")
                    .isGreaterThan(last.get("country=US").logHealthyLimit());
            assertThat(last.values()).allSatisfy(each -> assertThat(each.members())
                    .allMatch(member -> member.logHarmSup() < each.logLimit()));
        }
    }

    @Test
    void canadaIsNamedWhenItAloneLosesSixtyPercent() throws IOException {
        List<Row> rows = rows();

        IntStream.rangeClosed(1, 2).parallel().forEach(seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            try (Watched watched = new Watched()) {
                watched.start(BY_COUNTRY);
                feedUntil(
                        watched,
                        rows.stream()
                                .map(row -> isCanadaTreated(row) && random.nextDouble() < 0.6 ? row.lost() : row)
                                .toList(),
                        each -> each.decision() == Decision.BREACHED);

                Verdict breach = watched.breach().orElseThrow();
                assertThat(breach.segment()).as("seed " + seed).isEqualTo("country=CA");
                assertThat(breach.sentence()).startsWith("conversion in country=CA −");
                assertThat(breach.estimate().ratio()).isLessThan(0.8);
                assertThat(watched.verdicts())
                        .filteredOn(each -> each.decision() == Decision.BREACHED)
                        .allMatch(each -> "country=CA".equals(each.segment()));
            }
        });
    }

    @Test
    void aQuarterOfTheTreatedWhoAreMissingIsSaidAndTakesNothingBack() throws IOException {
        SplittableRandom random = new SplittableRandom(5);
        List<Row> rows = rows().stream()
                .filter(row -> !row.treatment() || random.nextDouble() >= 0.25)
                .toList();
        try (Watched watched = new Watched()) {
            watched.start(BY_COUNTRY);
            feedUntil(watched, rows, each -> each.reasons().contains(Reason.SAMPLE_RATIO_MISMATCH));

            Verdict said = watched.verdicts().stream()
                    .filter(each -> each.reasons().contains(Reason.SAMPLE_RATIO_MISMATCH))
                    .findFirst()
                    .orElseThrow();
            assertThat(said.decision()).isEqualTo(Decision.UNDECIDED);
            assertThat(said.notes()).anyMatch(note -> note.startsWith("the arms' sizes do not fit their shares"));
            assertThat(watched.breach()).isEmpty();
        }
    }

    private static boolean isCanadaTreated(Row row) {
        return row.treatment() && row.country().equals("CA");
    }

    private static void assertRates(Evidence evidence, double control, double treatment) {
        assertThat(percent(evidence.control())).as(evidence.segment()).isCloseTo(control, Offset.offset(0.006));
        assertThat(percent(evidence.treatment())).as(evidence.segment()).isCloseTo(treatment, Offset.offset(0.006));
    }

    private static double percent(Counts counts) {
        return 100.0 * counts.events() / counts.exposed();
    }

    private static Map<String, Evidence> lastBySegment(Watched watched) {
        Map<String, Evidence> last = new LinkedHashMap<>();
        watched.evidence().forEach(each -> last.put(each.segment() == null ? "" : each.segment(), each));
        return last;
    }

    private static void feedUntil(Watched watched, List<Row> rows, Predicate<Verdict> isOver) {
        int looked = 0;
        for (int i = 0; i < rows.size(); i++) {
            feed(watched, rows.get(i));
            if (i % GLANCE == 0) {
                List<Verdict> verdicts = watched.verdicts();
                if (verdicts.subList(looked, verdicts.size()).stream().anyMatch(isOver)) {
                    return;
                }
                looked = verdicts.size();
                watched.pass(Duration.ofMillis(GLANCE * APART_MILLIS));
            }
        }
        watched.drain("conversion");
    }

    private static void feed(Watched watched, Row row) {
        Instant at = watched.now();
        watched.feed(Watched.in(
                watched.exposure(row.unit(), Clause.REST, null, row.treatment() ? "on" : "off", at),
                Map.of("country", row.country())));
        if (row.converted()) {
            watched.feed(watched.outcome(row.unit(), Watched.PURCHASE, at.plusNanos(1_000)));
        }
    }

    private static List<Row> rows() throws IOException {
        List<Row> rows = new ArrayList<>();
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(LandingSegmentsTest.class.getResourceAsStream("/landing-page.csv.gz")),
                StandardCharsets.UTF_8))) {
            in.readLine();
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] cells = line.split(",");
                boolean treatment = cells[2].equals("treatment");
                if (treatment == cells[3].equals("new_page")) {
                    rows.add(new Row(cells[0], treatment, cells[4].equals("1"), cells[5]));
                }
            }
        }
        return rows;
    }
}
