// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.tally;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.verdicts.Block;
import dev.belay.contracts.verdicts.MetricCounts;
import dev.belay.contracts.verdicts.MetricValues;
import dev.belay.judging.attribution.ComparedPlan.Final;
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
        MetricCounts counts = metric.value() == Final.ANY
                ? MetricCounts.matured(metric.name(), values)
                : MetricCounts.of(metric.name(), values);
        return noting(counts, stratum, control, variant, metric.event());
    }

    /** How outcomes join and how late they come is about everyone, and stands in the blocks of everyone. */
    private MetricCounts noting(MetricCounts counts, StratumId stratum, String control, String variant, String event) {
        if (!stratum.isWhole()) {
            return counts;
        }
        JoinCount joins = pulse.joins(event);
        long joined = Math.max(0, Math.min(joins.joined(), joins.outcomes()));
        return counts.noting(joins.outcomes(), joined, census.lateness(control, variant, counts.metric()));
    }

    private MetricCounts counts(StratumId stratum, String control, String variant, JudgedMetric metric) {
        String name = metric.name();
        MetricCounts counts = new MetricCounts(
                name,
                census.count(stratum, control, cell -> cell.cohort(name)),
                census.count(stratum, variant, cell -> cell.cohort(name)),
                census.count(stratum, control, cell -> cell.newEvents(name)),
                census.count(stratum, variant, cell -> cell.newEvents(name)),
                census.count(stratum, control, cell -> cell.events(name)),
                census.count(stratum, variant, cell -> cell.events(name)));
        MetricCounts all = metric.isClustered() ? counts.clustered(census.dispersion(metric)) : counts;
        return noting(all, stratum, control, variant, metric.event());
    }
}
