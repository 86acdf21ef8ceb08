// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.tally;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.verdicts.Block;
import dev.belay.contracts.verdicts.MetricCounts;
import dev.belay.contracts.verdicts.MetricValues;
import dev.belay.judging.attribution.ComparedPlan.JudgedMetric;
import dev.belay.judging.attribution.ComparedPlan.ValuedMetric;
import dev.belay.judging.attribution.JoinCount;
import dev.belay.judging.judge.StratumId;

/** Writes down what a stratum's arms did since its last block. */
record BlockWriter(RolloutState rollout, Census census, Pulse pulse) {
    /** Returns one block per treatment, numbered on from {@code seq}. */
    List<Block> blocks(StratumId stratum, long seq, long nowMillis) {
        List<Block> blocks = new ArrayList<>();
        for (String variant : census.compared().plan().treatments()) {
            blocks.add(block(stratum, variant, seq + blocks.size() + 1, nowMillis));
        }
        return blocks;
    }

    private Block block(StratumId stratum, String variant, long number, long nowMillis) {
        String control = census.compared().plan().control();
        List<MetricCounts> metrics = new ArrayList<>();
        census.compared().metrics().forEach(metric -> metrics.add(counts(stratum, control, variant, metric)));
        census.compared().valued().forEach(metric -> metrics.add(values(stratum, control, variant, metric, nowMillis)));
        return new Block(
                rollout.project(),
                rollout.environment(),
                rollout.flag(),
                rollout.epoch(),
                number,
                stratum.allocation(),
                stratum.clause(),
                census.layout().stage(stratum.allocation()),
                variant,
                stratum.segment(),
                census.exposed(stratum, control),
                census.exposed(stratum, variant),
                Math.max(0, census.newlyExposed(stratum, control)),
                Math.max(0, census.newlyExposed(stratum, variant)),
                metrics,
                Instant.ofEpochMilli(nowMillis),
                Math.max(0, census.book().bothArms()));
    }

    private MetricCounts values(
            StratumId stratum, String control, String variant, ValuedMetric metric, long nowMillis) {
        MetricValues values = new MetricValues(
                census.values(stratum, control, metric, nowMillis), census.values(stratum, variant, metric, nowMillis));
        return MetricCounts.of(metric.name(), values);
    }

    /** How outcomes join is about everyone, and stands in the blocks of everyone. */
    private MetricCounts counts(StratumId stratum, String control, String variant, JudgedMetric metric) {
        String name = metric.name();
        JoinCount joins = pulse.joins(metric.event());
        long joined = Math.max(0, Math.min(joins.joined(), joins.outcomes()));
        return new MetricCounts(
                name,
                census.count(stratum, control, cell -> cell.cohort(name)),
                census.count(stratum, variant, cell -> cell.cohort(name)),
                census.count(stratum, control, cell -> cell.newEvents(name)),
                census.count(stratum, variant, cell -> cell.newEvents(name)),
                census.count(stratum, control, cell -> cell.events(name)),
                census.count(stratum, variant, cell -> cell.events(name)),
                stratum.isWhole() ? joins.outcomes() : null,
                stratum.isWhole() ? joined : null);
    }
}
