// SPDX-License-Identifier: Apache-2.0
package dev.belay.watcher.topology;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.SplittableRandom;

import dev.belay.contracts.events.Outcome;
import dev.belay.contracts.rollouts.Clause;
import dev.belay.contracts.rollouts.Guardrail;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.verdicts.Decision;
import dev.belay.contracts.verdicts.Evidence;
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

/** Segments, counters and guardrails that only hold, through the real topology. */
class SegmentsTest {
    private static final Plan HALF =
            Watched.plan(List.of(Watched.percent(50, null)), Watched.falls("conversion", 0.20));
    private static final List<String> COUNTRIES = List.of("US", "IN", "GB");

    @Test
    void harmInTheUnitedKingdomIsNamedThoughAllTogetherGainAlsoAfterARestart() {
        try (Watched watched = new Watched()) {
            watched.start(Watched.watching(HALF, "country"));
            visit(watched, 1, 1_500, Map.of("US", 1.2, "IN", 1.2, "GB", 0.7));
            List<Evidence> before = segments(watched);
            watched.restart();
            watched.tellRollouts();
            assertThat(segments(watched))
                    .extracting(Evidence::members)
                    .isEqualTo(before.stream().map(Evidence::members).toList());
            visit(watched, 2, 60_000, Map.of("US", 1.2, "IN", 1.2, "GB", 0.7));

            Verdict breach = watched.breach().orElseThrow();
            assertThat(breach.segment()).isEqualTo("country=GB");
            assertThat(breach.sentence()).startsWith("conversion in country=GB −");
            assertThat(watched.verdicts())
                    .filteredOn(each -> each.segment() == null)
                    .noneMatch(each -> each.decision() == Decision.BREACHED);
            assertThat(watched.blocks())
                    .filteredOn(block -> Objects.equals(block.segment(), "country=GB"))
                    .isNotEmpty();
        }
    }

    @Test
    void countersWorkWithEverybodyTreatedAndCountEveryEventOnce() {
        Guardrail crashes = new Guardrail(
                "crashes",
                "crashes",
                Guardrail.Limit.ABOVE,
                5,
                Duration.ofMinutes(5),
                Guardrail.Of.TREATMENT,
                Guardrail.Then.ROLLBACK,
                Guardrail.Scope.AUTO);
        try (Watched watched = new Watched()) {
            watched.start(Watched.plan(List.of(Watched.percent(100, null)), crashes));
            for (int unit = 0; unit < 20; unit++) {
                watched.feed(watched.exposure("u" + unit, Clause.REST, 0.5, "on", watched.now()));
            }
            for (int unit = 0; unit < 5; unit++) {
                crash(watched, "u" + unit);
            }
            watched.pass(Duration.ofSeconds(1));
            assertThat(watched.breach()).isEmpty();
            crash(watched, "nobody who saw it");
            assertThat(watched.breach()).isEmpty();
            watched.restart();
            watched.tellRollouts();
            crash(watched, "u7");

            Verdict breach = watched.breach().orElseThrow();
            assertThat(breach.guardrail()).isEqualTo("crashes");
            assertThat(breach.sentence()).isEqualTo("6 crash events of treatment within 5 min, limit 5");
        }
    }

    @Test
    void breachThatHoldsIsSaidAndTheRollbackOfAnotherGuardrailStillComes() {
        Guardrail holds = new Guardrail(
                "errors", "errors", Guardrail.Limit.RISES, 0.3, null, null, Guardrail.Then.HOLD, Guardrail.Scope.AUTO);
        try (Watched watched = new Watched()) {
            watched.start(Watched.plan(List.of(Watched.percent(50, null)), holds, Watched.falls("conversion", 0.2)));
            SplittableRandom random = new SplittableRandom(4);
            for (int i = 0; i < 4_000; i++) {
                String unit = "h" + i;
                boolean treated = see(watched, unit, Map.of());
                if (treated && random.nextDouble() < 0.3) {
                    watched.feed(
                            watched.outcome(unit, Watched.ERROR, watched.now().plusMillis(1)));
                }
                if (!treated && random.nextDouble() < 0.3) {
                    watched.feed(watched.outcome(
                            unit, Watched.PURCHASE, watched.now().plusMillis(1)));
                }
            }
            watched.pass(Duration.ofSeconds(1));

            assertThat(watched.verdicts())
                    .filteredOn(each -> each.decision() == Decision.BREACHED)
                    .extracting(each -> each.guardrail() + " " + each.then())
                    .contains("errors HOLD", "conversion ROLLBACK");
        }
    }

    @Test
    void exportedBlocksGiveWhoeverJudgesThemByHandTheSameNumbers() {
        Plan plan = Watched.watching(
                Watched.plan(
                        List.of(Watched.percent(25, null), Watched.percent(50, null)),
                        Watched.falls("conversion", 0.20),
                        Watched.rises("errors", 0.30)),
                "country");
        try (Watched watched = new Watched()) {
            watched.start(plan);
            visit(watched, 1, 1_000, Map.of("US", 1.0, "IN", 1.0, "GB", 1.0));
            watched.raise();
            visit(watched, 2, 1_000, Map.of("US", 1.0, "IN", 1.0, "GB", 1.0));
            watched.drain("conversion");
            List<Evidence> said = watched.evidence();
            List<Evidence> last = List.copyOf(said.subList(said.size() - 8, said.size()));

            for (Evidence each : last) {
                LoneGuardrail byHand = new LoneGuardrail(new LoneGuardrail.Question(
                        OutcomeMode.ARRIVAL,
                        each.guardrail().equals("errors") ? Direction.RISE : Direction.DROP,
                        each.guardrail().equals("errors") ? 0.30 : 0.20,
                        Sensitivity.BALANCED,
                        0.01,
                        0.05,
                        OptionalDouble.empty(),
                        true));
                double logHarm = 0;
                for (BlockLine line : BlockLine.of(watched.blocks(), each.metric(), "on", each.segment())) {
                    Stratum counts = new Stratum(
                            line.cohortControl(), line.cohortTreatment(), line.newControl(), line.newTreatment());
                    logHarm = byHand.take("" + line.stratum(), counts).logHarm();
                }
                assertThat(logHarm).as(each.recordKey()).isNotZero();
                assertThat(each.members().get(0).logHarm()).as(each.recordKey()).isEqualTo(logHarm);
            }
        }
    }

    @Test
    void meanThatFallsIsFoundOnceValuesAreFinalAlsoAfterARestart() {
        try (Watched watched = new Watched()) {
            watched.start(Watched.plan(List.of(Watched.percent(50, null)), Watched.falls("revenue", 0.20)));
            SplittableRandom random = new SplittableRandom(9);
            for (int i = 0; i < 20_000 && watched.breach().isEmpty(); i++) {
                if (i == 3_000) {
                    watched.restart();
                    watched.tellRollouts();
                }
                String unit = "m" + i;
                boolean treated = see(watched, unit, Map.of());
                if (random.nextDouble() < 0.3) {
                    double worth = 20 * (0.5 + random.nextDouble()) * (treated ? 0.5 : 1);
                    watched.feed(Watched.worth(
                            watched.outcome(
                                    unit, Watched.PURCHASE, watched.now().plusMillis(1)),
                            worth));
                }
                if (i % 50 == 0) {
                    watched.pass(Duration.ofSeconds(5));
                }
            }

            Verdict breach = watched.breach().orElseThrow();
            assertThat(breach.guardrail()).isEqualTo("revenue");
            assertThat(breach.estimate().ratio()).isBetween(0.3, 0.8);
            assertThat(watched.blocks())
                    .flatExtracting(block -> block.metrics())
                    .anyMatch(counts ->
                            counts.values() != null && !counts.values().isEmpty());
        }
    }

    /** The same event twice is one event. */
    private static void crash(Watched watched, String unit) {
        Outcome crash = watched.outcome(unit, Watched.CRASH, watched.now().plusMillis(unit.hashCode() % 100));
        watched.feed(crash);
        watched.feed(crash);
    }

    private static List<Evidence> segments(Watched watched) {
        watched.drain("conversion");
        return watched.evidence().stream()
                .filter(each -> each.segment() != null)
                .skip(Math.max(
                        0,
                        watched.evidence().stream()
                                        .filter(each -> each.segment() != null)
                                        .count()
                                - 3))
                .toList();
    }

    private static void visit(Watched watched, int seed, int visitors, Map<String, Double> effects) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < visitors; i++) {
            String unit = "s" + seed + "-" + i;
            String country = COUNTRIES.get(random.nextInt(3));
            boolean treated = see(watched, unit, Map.of("country", country));
            if (random.nextDouble() < 0.2 * (treated ? effects.get(country) : 1)) {
                watched.feed(
                        watched.outcome(unit, Watched.PURCHASE, watched.now().plusMillis(1)));
            }
            if (random.nextDouble() < 0.05) {
                watched.feed(watched.outcome(unit, Watched.ERROR, watched.now().plusMillis(2)));
            }
            if (i % 100 == 0) {
                watched.pass(Duration.ofSeconds(2));
                if (watched.breach().isPresent()) {
                    return;
                }
            }
        }
    }

    private static boolean see(Watched watched, String unit, Map<String, String> dimensions) {
        double bucket = Bucketing.bucket(Watched.FLAG.flag(), unit, Bucketing.ROLLOUT);
        boolean treated = watched.state()
                .allocation()
                .orElseThrow()
                .clause(Clause.REST)
                .orElseThrow()
                .treats(bucket);
        watched.feed(Watched.in(
                watched.exposure(unit, Clause.REST, bucket, treated ? "on" : "off", watched.now()), dimensions));
        return treated;
    }
}
