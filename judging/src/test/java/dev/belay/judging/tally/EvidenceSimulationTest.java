// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.tally;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;

import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.rollouts.Sensitivity;
import dev.belay.judging.attribution.Cell;
import dev.belay.judging.attribution.CellCounts;
import dev.belay.judging.attribution.CellCounts.MetricCount;
import dev.belay.judging.attribution.ComparedPlan;
import dev.belay.judging.attribution.Delta;
import dev.belay.judging.attribution.Given;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What is promised about many rollouts: hardly any harmless one is rolled back, harm that begins late is found. */
class EvidenceSimulationTest {
    private static final double ALPHA = 0.05;
    private static final int ROLLOUTS = 400;
    private static final int UNITS_PER_STAGE = 1_200;
    private static final double CONVERSION = 0.2;
    private static final double ERRORS = 0.05;
    private static final double[] SHARES = {0.05, 0.25, 0.5};
    private static final Plan PLAN = Given.plan(
            Sensitivity.BALANCED,
            ALPHA,
            List.of(Given.stage("canary", 5, null), Given.stage("quarter", 25, null), Given.stage("half", 50, null)),
            Given.falls("conversion", "conversion", 0.2),
            Given.rises("errors", "errors", 0.3));

    @Test
    void harmlessRolloutsAreRolledBackNoMoreOftenThanAlpha() {
        int rolledBack = 0;
        for (int seed = 0; seed < ROLLOUTS; seed++) {
            Simulation simulation = new Simulation(seed, 1, 1, 1);
            rolledBack += simulation.isRolledBack() ? 1 : 0;
        }

        assertThat(rolledBack).isBetween(1, (int) (ALPHA * ROLLOUTS));
    }

    @Test
    void harmThatBeginsInTheLastStageIsFoundThere() {
        for (int seed = 0; seed < 20; seed++) {
            Simulation simulation = new Simulation(seed, 1, 1, 0.5);

            assertThat(simulation.isRolledBack()).as("seed " + seed).isTrue();
            assertThat(simulation.stage).as("seed " + seed).isEqualTo(2);
            assertThat(simulation.treatedInStage).as("seed " + seed).isLessThan(UNITS_PER_STAGE);
        }
    }

    @Test
    void healthIsProvenAnewInEachStageAndNeverOfHarm() {
        int healthy = 0;
        for (int seed = 0; seed < 100; seed++) {
            Simulation simulation = new Simulation(seed, 1, 1, 0.8);
            simulation.isRolledBack();
            healthy += simulation.healthyInLastStage ? 1 : 0;
        }

        assertThat(healthy).isLessThanOrEqualTo((int) (100 * PLAN.beta()));
    }

    /** People come one by one and do what they do a little later, with a season that moves everyone. */
    private static final class Simulation {
        private final SplittableRandom random;
        private final double[] ratios;
        private final RolloutTally tally = RolloutTally.start(Given.inStage(PLAN, 0), new CellBook(), Pace.DEFAULT);
        private final Queue<Runnable> later = new ArrayDeque<>();
        private long now = Given.START.toEpochMilli();
        private int stage;
        private long treatedInStage;
        private boolean healthyInLastStage;

        Simulation(long seed, double... ratios) {
            this.random = new SplittableRandom(seed);
            this.ratios = ratios;
        }

        boolean isRolledBack() {
            for (stage = 0; stage < SHARES.length; stage++) {
                tally.onRollout(Given.inStage(PLAN, stage), now);
                treatedInStage = 0;
                for (int i = 0; i < UNITS_PER_STAGE * (stage == 2 ? 3 : 1); i++) {
                    come(i);
                    if (tally.isBreached()) {
                        return true;
                    }
                    if (stage == 2 && i % 50 == 0) {
                        healthyInLastStage |= logHealthy() >= -Math.log(PLAN.beta());
                    }
                }
            }
            return false;
        }

        private double logHealthy() {
            return tally.head().judge().variants().isEmpty()
                    ? 0
                    : tally.verdicts(Given.START).get(0).logHealthy();
        }

        private void come(int number) {
            now += Duration.ofSeconds(1).toMillis();
            double bucket = random.nextDouble();
            boolean treated = bucket <= SHARES[stage];
            treatedInStage += treated ? 1 : 0;
            int band = treated || bucket > SHARES[2] ? ComparedPlan.NEVER : bucket > SHARES[1] ? 2 : 1;
            Cell cell = new Cell(stage + 1, "rest", treated ? "on" : "off", band);
            add(cell, 1, 0, 0);
            double season = 1 + 0.5 * Math.sin(number / 200.0);
            boolean converts = random.nextDouble() < CONVERSION * season * (treated ? ratios[stage] : 1);
            boolean fails = random.nextDouble() < ERRORS;
            later.add(() -> add(cell, 0, converts ? 1 : 0, fails ? 1 : 0));
            if (later.size() > 30) {
                later.remove().run();
            }
        }

        private void add(Cell cell, int units, int purchases, int errors) {
            if (units + purchases + errors == 0) {
                return;
            }
            Map<String, MetricCount> metrics =
                    Map.of("conversion", new MetricCount(units, purchases), "errors", new MetricCount(units, errors));
            Map<Cell, CellCounts> cells = Map.of(cell, new CellCounts(units, metrics));
            tally.onDelta(new Delta(Given.FLAG.key(), 1, cells, Map.of(), 0), now, now);
        }
    }
}
