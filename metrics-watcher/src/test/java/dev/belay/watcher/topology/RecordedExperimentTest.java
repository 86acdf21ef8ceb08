// SPDX-License-Identifier: Apache-2.0
package dev.belay.watcher.topology;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.zip.GZIPInputStream;

import dev.belay.contracts.rollouts.Clause;
import dev.belay.contracts.verdicts.Counts;
import dev.belay.contracts.verdicts.Evidence;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** A public A/B test of a landing page, through the real topology. Counts: statistics of the data's own page. */
class RecordedExperimentTest {
    private static final Counts CONTROL = new Counts(28_521, 3_472);
    private static final Counts TREATMENT = new Counts(28_515, 3_387);

    private record Row(String unit, boolean treatment, boolean converted, int number) {}

    private record Step(long order, boolean isOutcome, Row row, Instant at) {}

    @Test
    void harmlessPageIsProvenHealthyAndCountedToTheUnit() throws IOException {
        try (Watched watched = started()) {
            long healthyAt = -1;
            Evidence evidence = null;
            int n = 0;
            for (Step step : steps(rows(), 0)) {
                feed(watched, step);
                if (healthyAt < 0 && ++n % 200 == 0) {
                    evidence = watched.drain("conversion");
                    healthyAt = evidence.logHealthy() >= evidence.logHealthyLimit()
                            ? evidence.treatment().exposed()
                            : -1;
                }
            }
            evidence = watched.drain("conversion");

            assertThat(evidence.control()).isEqualTo(CONTROL);
            assertThat(evidence.treatment()).isEqualTo(TREATMENT);
            assertThat(watched.breach()).isEmpty();
            assertThat(healthyAt).isBetween(2_400L, 4_000L);
        }
    }

    @Test
    void sameEventsTwiceAndShuffledGiveTheSameCounts() throws IOException {
        try (Watched watched = started()) {
            for (int seed = 1; seed <= 2; seed++) {
                for (Step step : steps(rows(), seed)) {
                    feed(watched, step);
                }
            }
            Evidence evidence = watched.drain("conversion");

            assertThat(evidence.control()).isEqualTo(CONTROL);
            assertThat(evidence.treatment()).isEqualTo(TREATMENT);
            assertThat(evidence.excluded()).isEmpty();
        }
    }

    @Test
    void thinnedTreatmentIsCaughtByEverySeed() throws IOException {
        List<Row> rows = rows();
        List<Long> treatedUnits = IntStream.rangeClosed(1, 10)
                .parallel()
                .mapToObj(seed -> caughtAt(rows, seed))
                .sorted()
                .toList();

        assertThat(treatedUnits).allMatch(units -> units > 0);
        assertThat((treatedUnits.get(4) + treatedUnits.get(5)) / 2).isBetween(900L, 2_000L);
        assertThat(treatedUnits.get(8)).isLessThan(2_500);
    }

    private static long caughtAt(List<Row> rows, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        try (Watched watched = started()) {
            for (Row row : rows) {
                boolean lost = row.treatment() && random.nextDouble() < 0.30;
                for (Step step : steps(List.of(lost ? new Row(row.unit(), true, false, row.number()) : row), 0)) {
                    feed(watched, step);
                }
                if (row.number() % 100 == 0 && watched.breach().isPresent()) {
                    break;
                }
            }
            return watched.breach()
                    .map(verdict -> verdict.treatment().exposed())
                    .orElse(-1L);
        }
    }

    private static Watched started() {
        Watched watched = new Watched();
        watched.start(Watched.plan(List.of(Watched.percent(50, null)), Watched.falls("conversion", 0.20)));
        return watched;
    }

    private static void feed(Watched watched, Step step) {
        Row row = step.row();
        if (step.isOutcome()) {
            watched.feed(watched.outcome(row.unit(), Watched.PURCHASE, step.at()));
        } else {
            watched.feed(watched.exposure(row.unit(), Clause.REST, null, row.treatment() ? "on" : "off", step.at()));
        }
    }

    /** In order for seed 0, else each event up to a minute late. */
    private static List<Step> steps(List<Row> rows, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Step> steps = new ArrayList<>();
        for (Row row : rows) {
            Instant at = Watched.START.plusMillis(row.number() * 10L);
            long late = Duration.ofSeconds(60).toMillis();
            long order = row.number() * 10L;
            steps.add(new Step(seed == 0 ? order : order + random.nextLong(late), false, row, at));
            if (row.converted()) {
                steps.add(new Step(seed == 0 ? order : order + random.nextLong(late), true, row, at.plusNanos(1_000)));
            }
        }
        steps.sort(Comparator.comparingLong(Step::order));
        return steps;
    }

    private static List<Row> rows() throws IOException {
        List<Row> rows = new ArrayList<>();
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(RecordedExperimentTest.class.getResourceAsStream("/landing-page.csv.gz")),
                StandardCharsets.UTF_8))) {
            in.readLine();
            int number = 0;
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] cells = line.split(",");
                boolean treatment = cells[2].equals("treatment");
                if (treatment == cells[3].equals("new_page")) {
                    rows.add(new Row(cells[0], treatment, cells[4].equals("1"), ++number));
                }
            }
        }
        return rows;
    }

    @Test
    void dataAreWhatTheirPageSays() throws IOException {
        assertThat(LongStream.of(CONTROL.exposed(), TREATMENT.exposed()).sum()).isEqualTo(rows().size() - 1L);
    }
}
