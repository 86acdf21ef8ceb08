// SPDX-License-Identifier: Apache-2.0
package dev.belay.watcher.topology;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;

import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.verdicts.Block;
import dev.belay.contracts.verdicts.Decision;
import dev.belay.contracts.verdicts.Verdict;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Many whole rollouts through the real topology: what it proves is what the library proves of the blocks it logged. */
class TopologyRolloutsTest {
    /** The limit of issue and docs: with this confidence fewer than so many harmless rollouts are taken back. */
    private static final double LIMIT = 0.013;

    private static final double DOUBT = 0.05;
    private static final int PER_PROCESS = 5;

    private static final Plan STAGED = Watched.plan(
            List.of(
                    Watched.segment("internal", null),
                    Watched.segment("beta", 50.0),
                    Watched.percent(10, null),
                    Watched.percent(25, null),
                    Watched.percent(50, null)),
            Watched.falls("conversion", 0.20),
            Watched.rises("errors", 0.30));
    private static final Plan TWO_TREATMENTS = treating(STAGED, "on", "bold");

    /** What was said of one rollout. */
    private record Told(Plan plan, List<Verdict> verdicts, List<Block> blocks) {
        boolean isBreached() {
            return verdicts.stream().anyMatch(each -> each.decision() == Decision.BREACHED);
        }
    }

    @Test
    void whatIsProvenIsWhatTheLibraryProvesOfTheLoggedBlocks() {
        assertThat(breached(5, 2_000, 0.3)).as("of 5 that lose 70 %").isGreaterThan(2);
        // At a true rate of 1 % three or more of 25 would come in 0.2 % of such tests; the seeds are fixed.
        assertThat(breached(25, 800, 1)).as("of 25 harmless ones").isLessThan(3);
    }

    @Test
    @Tag("thorough")
    void harmlessRolloutsAreTakenBackWithinTheLimitWhateverTheirVisitorsDo() {
        int rollouts = 600;
        long breached = breached(rollouts, 1_500, 1);

        assertThat(chanceOfAtMost(breached, rollouts, LIMIT))
                .as("%d of %d harmless rollouts were taken back", breached, rollouts)
                .isLessThanOrEqualTo(DOUBT);
    }

    @Test
    void chancesAreThoseOfTheBinomialDistribution() {
        assertThat(chanceOfAtMost(0, 1, 0.25)).isEqualTo(0.75);
        assertThat(chanceOfAtMost(1, 2, 0.5)).isEqualTo(0.75);
        assertThat(chanceOfAtMost(3, 600, LIMIT)).isBetween(0.04, 0.05);
        assertThat(chanceOfAtMost(4, 600, LIMIT)).isGreaterThan(DOUBT);
    }

    /**
     * Plays rollouts, requires of each that it was told what the library proves, and returns how many were taken back. Several
     * share a process, one epoch after the other; processes run side by side.
     */
    private static long breached(int rollouts, int visits, double ratio) {
        return IntStream.range(0, rollouts / PER_PROCESS)
                .parallel()
                .mapToLong(process -> breachedInOne(process, visits, ratio))
                .sum();
    }

    private static long breachedInOne(int process, int visits, double ratio) {
        List<Plan> plans = new ArrayList<>();
        try (Watched watched = new Watched()) {
            for (int epoch = 1; epoch <= PER_PROCESS; epoch++) {
                long seed = (long) process * PER_PROCESS + epoch + (ratio == 1 ? 0 : 1_000_000);
                plans.add(epoch % 3 == 0 ? TWO_TREATMENTS : STAGED);
                new SimulatedRollout(new SimulatedRollout.Setting(seed, visits, ratio))
                        .play(watched, plans.get(epoch - 1));
            }
            List<Told> all = IntStream.rangeClosed(1, PER_PROCESS)
                    .mapToObj(epoch -> told(watched, epoch, plans.get(epoch - 1)))
                    .toList();
            all.forEach(TopologyRolloutsTest::requireTheLibrarysNumbers);
            return all.stream().filter(Told::isBreached).count();
        }
    }

    private static Told told(Watched watched, int epoch, Plan plan) {
        return new Told(
                plan,
                watched.verdicts().stream()
                        .filter(each -> each.epoch() == epoch)
                        .toList(),
                watched.blocks().stream().filter(each -> each.epoch() == epoch).toList());
    }

    /** Bit for bit, of every verdict: the evidence of harm and of health, and the estimate. */
    private static void requireTheLibrarysNumbers(Told told) {
        RecomputedEvidence library = new RecomputedEvidence(told.plan());
        List<Block> blocks = told.blocks();
        Set<Verdict> breaches = new HashSet<>();
        int taken = 0;
        for (Verdict verdict : inOrderOfTheirBlocks(told.verdicts())) {
            while (taken < blocks.size() && blocks.get(taken).seq() <= verdict.blocks()) {
                library.take(blocks.get(taken++));
            }
            library.enter(verdict.stage());
            if (verdict.decision() == Decision.BREACHED && !breaches.add(verdict)) {
                continue;
            }
            assertThat(verdict.logEvidence())
                    .as("evidence of %s after block %d", verdict.subject(), verdict.blocks())
                    .isEqualTo(library.logEvidence(verdict));
            assertThat(verdict.logHealthy())
                    .as("health of %s after block %d", verdict.subject(), verdict.blocks())
                    .isEqualTo(library.logHealthy(verdict));
            if (verdict.decision() != Decision.BREACHED) {
                Double ratio = verdict.estimate().ratio();
                assertThat(library.ratio(verdict).stream().boxed().findFirst().orElse(null))
                        .isEqualTo(ratio);
            }
        }
        assertThat(taken).as("blocks").isEqualTo(blocks.size()).isPositive();
        assertThat(told.verdicts()).extracting(Verdict::segment).allMatch(Objects::isNull);
    }

    /** A breach is said before what is not one, though it may rest on fewer blocks; what is said again comes once. */
    private static List<Verdict> inOrderOfTheirBlocks(List<Verdict> verdicts) {
        return verdicts.stream()
                .sorted(Comparator.comparingLong(Verdict::blocks).thenComparingInt(Verdict::stage))
                .toList();
    }

    /** Returns the chance of at most so many among {@code all} of probability {@code each}. */
    private static double chanceOfAtMost(long some, int all, double each) {
        double term = Math.pow(1 - each, all);
        double sum = term;
        for (int k = 0; k < some; k++) {
            term *= (double) (all - k) / (k + 1) * each / (1 - each);
            sum += term;
        }
        return sum;
    }

    private static Plan treating(Plan plan, String... treatments) {
        return new Plan(
                plan.template(),
                plan.title(),
                plan.owner(),
                plan.control(),
                List.of(treatments),
                plan.stages(),
                plan.only(),
                plan.guardrails(),
                plan.goals(),
                plan.watchBy(),
                plan.sensitivity(),
                plan.tell(),
                plan.metrics(),
                plan.alpha(),
                plan.beta());
    }
}
