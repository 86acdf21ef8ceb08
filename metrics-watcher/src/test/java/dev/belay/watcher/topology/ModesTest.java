// SPDX-License-Identifier: Apache-2.0
package dev.belay.watcher.topology;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SplittableRandom;

import dev.belay.contracts.rollouts.Clause;
import dev.belay.contracts.rollouts.Guardrail;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.rollouts.RolloutStatus;
import dev.belay.contracts.verdicts.Decision;
import dev.belay.contracts.verdicts.Evidence;
import dev.belay.contracts.verdicts.Reason;
import dev.belay.contracts.verdicts.Verdict;
import dev.belay.evaluation.Bucketing;
import dev.belay.statistics.Direction;
import dev.belay.statistics.LoneGuardrail;
import dev.belay.statistics.OutcomeMode;
import dev.belay.statistics.Sensitivity;
import dev.belay.statistics.Stratum;
import dev.belay.watcher.BlockLine;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Mature units, clustered outcomes, late outcomes and finished rollouts, through the real topology. */
class ModesTest {
    @Test
    void matureUnitsAreJudgedAlsoAfterARestartAndByHandFromTheLog() {
        try (Watched watched = new Watched()) {
            watched.start(half(Watched.falls("matured", 0.20)));
            visit(watched, "a", 300, 1, 0);
            watched.restart();
            watched.tellRollouts();
            visit(watched, "b", 4_000, 0.2, 0);

            Verdict breach = watched.breach().orElseThrow();
            assertThat(breach.guardrail()).isEqualTo("matured");
            assertThat(breach.estimate().ratio()).isBetween(0.1, 0.8);
            Evidence evidence = watched.drain("matured");
            List<BlockLine> lines = BlockLine.of(watched.blocks(), "matured", "on", null);
            assertThat(lines).extracting(BlockLine::mode).containsOnly("bernoulli");
            assertThat(byHand(lines, OutcomeMode.BERNOULLI, Direction.DROP, 0.20))
                    .isEqualTo(evidence.members().get(0).logHarm());
        }
    }

    @Test
    void clusteredOutcomesAreJudgedByHandFromTheLogWithTheirDivisors() {
        try (Watched watched = new Watched()) {
            watched.start(half(Watched.rises("each-error", 0.30)));
            SplittableRandom random = new SplittableRandom(3);
            for (int i = 0; i < 1_000; i++) {
                see(watched, "e" + i, Map.of());
                for (int errors = random.nextInt(20) == 0 ? 1 + random.nextInt(8) : 0; errors > 0; errors--) {
                    watched.feed(watched.outcome(
                            "e" + i, Watched.ERROR, watched.now().plusMillis(errors)));
                }
            }
            Evidence evidence = watched.drain("each-error");

            List<BlockLine> lines = BlockLine.of(watched.blocks(), "each-error", "on", null);
            assertThat(lines).allMatch(line -> line.dispersion() != null && line.dispersion() >= 1);
            assertThat(lines.get(lines.size() - 1).dispersion()).isBetween(3.0, 9.0);
            assertThat(evidence.control().events() + evidence.treatment().events())
                    .isGreaterThan(100);
            assertThat(byHand(lines, OutcomeMode.ARRIVAL, Direction.RISE, 0.30))
                    .isEqualTo(evidence.members().get(0).logHarm());
        }
    }

    @Test
    void outcomesThatComeLateInOneArmAreAVerdictOfTheirOwn() {
        try (Watched watched = new Watched()) {
            watched.start(half(Watched.falls("conversion", 0.20)));
            visit(watched, "l", 2_000, 1, 120);
            watched.pass(Duration.ofSeconds(10));

            Verdict last = watched.verdicts().get(watched.verdicts().size() - 1);
            assertThat(last.decision()).isEqualTo(Decision.UNDECIDED);
            assertThat(last.reasons()).contains(Reason.LATENESS);
            assertThat(last.notes())
                    .anyMatch(note -> note.startsWith("purchase outcomes come late in one arm more than in the other"));
        }
    }

    @Test
    void finishedRolloutThatTurnsHarmfulInASegmentIsSaidAndNeverRolledBack() {
        try (Watched watched = new Watched()) {
            watched.start(Watched.watching(half(Watched.falls("conversion", 0.20)), "country"));
            segments(watched, "r", 1_500, 1);
            watched.become(RolloutStatus.COMPLETED);
            segments(watched, "f", 1_000, 1);
            assertThat(changes(watched)).isEmpty();
            watched.restart();
            watched.tellRollouts();
            segments(watched, "g", 1_600, 0.1);

            assertThat(changes(watched)).isNotEmpty();
            assertThat(changes(watched).get(0).segment()).isEqualTo("country=GB");
            assertThat(changes(watched).get(0).sentence())
                    .startsWith("conversion in country=GB falls since the rollout was finished");
            assertThat(watched.breach()).isEmpty();
        }
    }

    private static List<Verdict> changes(Watched watched) {
        return watched.verdicts().stream()
                .filter(each -> each.reasons().contains(Reason.CHANGED))
                .toList();
    }

    private static Plan half(Guardrail guardrail) {
        return Watched.plan(List.of(Watched.percent(50, null)), guardrail);
    }

    /** Of the treated {@code effect} times as many buy, and a tenth of what they do comes so much later. */
    private static void visit(Watched watched, String name, int visitors, double effect, long lateSeconds) {
        SplittableRandom random = new SplittableRandom(visitors);
        for (int i = 0; i < visitors; i++) {
            String unit = name + i;
            boolean treated = see(watched, unit, Map.of());
            if (random.nextDouble() < 0.3 * (treated ? effect : 1)) {
                boolean isLate = lateSeconds > 0 && treated && random.nextInt(10) == 0;
                Instant at = watched.now().minusSeconds(isLate ? lateSeconds : 0);
                if (isLate) {
                    watched.feedAsAppendedNow(
                            watched.exposure(unit, Clause.REST, bucket(unit), "on", at.minusMillis(1)));
                }
                watched.feedAsAppendedNow(watched.outcome(unit, Watched.PURCHASE, at));
            }
            if (i % 50 == 0) {
                watched.pass(Duration.ofSeconds(5));
                if (watched.breach().isPresent()) {
                    return;
                }
            }
        }
    }

    private static void segments(Watched watched, String name, int visitors, double effect) {
        SplittableRandom random = new SplittableRandom(visitors);
        for (int i = 0; i < visitors; i++) {
            String unit = name + i;
            String country = random.nextBoolean() ? "GB" : "US";
            boolean treated = see(watched, unit, Map.of("country", country));
            if (random.nextDouble() < 0.4 * (treated && country.equals("GB") ? effect : 1)) {
                watched.feed(
                        watched.outcome(unit, Watched.PURCHASE, watched.now().plusMillis(1)));
            }
            if (i % 100 == 0) {
                watched.pass(Duration.ofSeconds(30));
            }
        }
    }

    private static boolean see(Watched watched, String unit, Map<String, String> dimensions) {
        boolean treated = watched.state()
                .allocation()
                .orElseThrow()
                .clause(Clause.REST)
                .orElseThrow()
                .treats(bucket(unit));
        watched.feed(Watched.in(
                watched.exposure(unit, Clause.REST, bucket(unit), treated ? "on" : "off", watched.now()), dimensions));
        return treated;
    }

    private static double bucket(String unit) {
        return Bucketing.bucket(Watched.FLAG.flag(), unit, Bucketing.ROLLOUT);
    }

    private static double byHand(List<BlockLine> lines, OutcomeMode mode, Direction direction, double threshold) {
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
        for (BlockLine line : lines) {
            Stratum counts =
                    new Stratum(line.cohortControl(), line.cohortTreatment(), line.newControl(), line.newTreatment());
            Double divisor = line.dispersion();
            logHarm = byHand.take(
                            "" + line.stratum(),
                            counts,
                            divisor == null ? OptionalDouble.empty() : OptionalDouble.of(divisor))
                    .logHarm();
        }
        return logHarm;
    }
}
