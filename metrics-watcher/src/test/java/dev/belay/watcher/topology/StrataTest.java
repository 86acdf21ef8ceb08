// SPDX-License-Identifier: Apache-2.0
package dev.belay.watcher.topology;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

import dev.belay.contracts.rollouts.Clause;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.verdicts.Evidence;
import dev.belay.contracts.verdicts.Reason;
import dev.belay.contracts.verdicts.Verdict;
import dev.belay.evaluation.Bucketing;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Whole rollouts with people who differ, through the real topology. */
class StrataTest {
    private static final int SEEDS = 20;
    private static final double BASE = 0.20;
    private static final Duration APART = Duration.ofMillis(20);
    private static final int GLANCE = 100;

    private static final Plan STAGED = Watched.plan(
            List.of(
                    Watched.segment("internal", null),
                    Watched.segment("beta", 50.0),
                    Watched.percent(5, null),
                    Watched.percent(25, null),
                    Watched.percent(50, null)),
            Watched.falls("conversion", 0.20),
            Watched.rises("errors", 0.30));

    /** Visitors after which each stage after the first is entered. */
    private static final Set<Integer> RAISES = Set.of(1_000, 3_000, 6_000, 9_000);

    @Test
    void harmlessRolloutWithUnusualBetaAndInternalUsersIsNeverRolledBack() {
        seeds(SEEDS).forEach(seed -> assertThat(visited(seed, 1.0, 13_000))
                .as("seed " + seed)
                .isEmpty());
    }

    @Test
    void dropOfThirtyPercentIsAlwaysRolledBack() {
        seeds(SEEDS).forEach(seed -> {
            Optional<Verdict> breach = visited(seed, 0.7, 60_000);
            assertThat(breach).as("seed " + seed).isPresent();
            assertThat(breach.orElseThrow().guardrail()).isEqualTo("conversion");
            assertThat(breach.orElseThrow().estimate().ratio()).isLessThanOrEqualTo(0.8);
            assertThat(breach.orElseThrow().logEvidence())
                    .isGreaterThanOrEqualTo(breach.orElseThrow().logLimit());
        });
    }

    @Test
    void returningUsersWhoConvertTwiceAsMuchDoNotLookLikeHarmAfterRaises() {
        Plan plan = Watched.plan(
                List.of(Watched.percent(5, null), Watched.percent(25, null), Watched.percent(50, null)),
                Watched.falls("conversion", 0.20));
        seeds(SEEDS / 2).forEach(seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            try (Watched watched = new Watched()) {
                watched.start(plan);
                List<String> seen = new ArrayList<>();
                for (int visit = 1; visit <= 9_000; visit++) {
                    if (visit == 3_000 || visit == 6_000) {
                        watched.raise();
                    }
                    boolean returns = !seen.isEmpty() && random.nextDouble() < 0.6;
                    String unit = returns ? seen.get(random.nextInt(seen.size())) : "u" + seed + "-" + visit;
                    if (!returns) {
                        seen.add(unit);
                    }
                    visit(watched, unit, Clause.REST);
                    if (random.nextDouble() < BASE * (returns ? 2 : 1)) {
                        watched.feed(watched.outcome(
                                unit, Watched.PURCHASE, watched.now().plusMillis(1)));
                    }
                    passAfter(watched, visit);
                }
                Evidence evidence = watched.drain("conversion");
                long compared =
                        evidence.control().exposed() + evidence.treatment().exposed();

                assertThat(watched.breach()).as("seed " + seed).isEmpty();
                assertThat(evidence.excluded().values().stream()
                                .mapToLong(Long::longValue)
                                .sum())
                        .isLessThan(compared / 100);
                assertThat(evidence.strata()).hasSize(3);
                assertThat(watched.verdicts().get(watched.verdicts().size() - 1).reasons())
                        .doesNotContain(Reason.SAMPLE_RATIO_MISMATCH);
            }
        });
    }

    /** Each seed has a process of its own, so that they may run side by side. */
    private static IntStream seeds(int count) {
        return IntStream.rangeClosed(1, count).parallel();
    }

    private static Optional<Verdict> visited(long seed, double ratio, int visitors) {
        SplittableRandom random = new SplittableRandom(seed);
        try (Watched watched = new Watched()) {
            watched.start(STAGED);
            for (int visitor = 1; visitor <= visitors; visitor++) {
                if (RAISES.contains(visitor)) {
                    watched.raise();
                }
                String unit = "u" + seed + "-" + visitor;
                double kind = random.nextDouble();
                String group = kind < 0.02 ? "segment:internal" : kind < 0.05 ? "segment:beta" : Clause.REST;
                boolean treated = visit(watched, unit, group);
                double rate = group.equals("segment:internal") ? 0 : group.equals("segment:beta") ? 4 * BASE : BASE;
                if (random.nextDouble() < rate * (treated ? ratio : 1)) {
                    watched.feed(watched.outcome(
                            unit, Watched.PURCHASE, watched.now().plusMillis(1)));
                }
                if (random.nextDouble() < 0.10) {
                    watched.feed(
                            watched.outcome(unit, Watched.ERROR, watched.now().plusMillis(1)));
                }
                passAfter(watched, visitor);
                if (visitor % GLANCE == 0 && watched.breach().isPresent()) {
                    break;
                }
            }
            return watched.breach();
        }
    }

    /** The unit sees what the present allocation says; returns whether it is treated. */
    private static boolean visit(Watched watched, String unit, String group) {
        double bucket = Bucketing.bucket(Watched.FLAG.flag(), unit, Bucketing.ROLLOUT);
        Optional<Clause> clause = watched.state().allocation().orElseThrow().clause(group);
        if (clause.isEmpty()) {
            return false;
        }
        boolean treated = clause.get().treats(bucket);
        watched.feed(watched.exposure(unit, group, bucket, treated ? "on" : "off", watched.now()));
        return treated;
    }

    private static void passAfter(Watched watched, int visitor) {
        if (visitor % GLANCE == 0) {
            watched.pass(APART.multipliedBy(GLANCE));
        }
    }
}
