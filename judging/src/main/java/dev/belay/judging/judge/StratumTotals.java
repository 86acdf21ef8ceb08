// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.judge;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.belay.contracts.verdicts.Block;
import dev.belay.contracts.verdicts.Counts;
import dev.belay.contracts.verdicts.MetricCounts;
import dev.belay.statistics.Stratum;

/**
 * A stratum after its last block.
 *
 * @param allocation allocation of the stratum
 * @param clause clause of the stratum
 * @param stage index of the allocation's stage
 * @param control units of control that are compared
 * @param treatment units of the treatment that are compared
 * @param seenControl units of control ever exposed in it, whether they left or not
 * @param seenTreatment units of the treatment ever exposed in it
 * @param metrics cumulative counts per metric
 */
public record StratumTotals(
        int allocation,
        String clause,
        int stage,
        long control,
        long treatment,
        long seenControl,
        long seenTreatment,
        Map<String, MetricTotals> metrics) {
    /**
     * Cumulative counts of a metric in a stratum.
     *
     * @param cohortControl units of control compared
     * @param cohortTreatment units of the treatment compared
     * @param control those of control that count
     * @param treatment those of the treatment that count
     */
    public record MetricTotals(long cohortControl, long cohortTreatment, long control, long treatment) {
        static final MetricTotals NONE = new MetricTotals(0, 0, 0, 0);

        Stratum asStratum() {
            return new Stratum(cohortControl, cohortTreatment, control, treatment);
        }

        boolean hasBothArms() {
            return cohortControl > 0 && cohortTreatment > 0;
        }
    }

    static StratumTotals start(Block block) {
        return new StratumTotals(block.allocation(), block.clause(), block.stage(), 0, 0, 0, 0, Map.of());
    }

    StratumTotals after(Block block) {
        Map<String, MetricTotals> totals = new TreeMap<>();
        for (MetricCounts each : block.metrics()) {
            totals.put(
                    each.metric(),
                    new MetricTotals(
                            each.cohortControl(), each.cohortTreatment(), each.totalControl(), each.totalTreatment()));
        }
        return new StratumTotals(
                allocation,
                clause,
                stage,
                block.cohortControl(),
                block.cohortTreatment(),
                seenControl + block.newControl(),
                seenTreatment + block.newTreatment(),
                totals);
    }

    /** Returns whether the block says anything that these totals do not. */
    boolean isNews(Block block) {
        boolean hasEvents = block.metrics().stream().anyMatch(each -> each.newControl() + each.newTreatment() > 0);
        return hasEvents || !after(block).equals(this);
    }

    MetricTotals metric(String name) {
        return metrics.getOrDefault(name, MetricTotals.NONE);
    }

    /** Returns the strata as the estimator wants them, those with both arms only. */
    static List<Stratum> compared(List<StratumTotals> strata, String metric) {
        List<Stratum> all = new ArrayList<>(strata.size());
        for (StratumTotals each : strata) {
            if (each.metric(metric).hasBothArms()) {
                all.add(each.metric(metric).asStratum());
            }
        }
        return all;
    }

    static Counts control(List<StratumTotals> strata, String metric) {
        Counts sum = Counts.NONE;
        for (StratumTotals each : strata) {
            MetricTotals totals = each.metric(metric);
            sum = totals.hasBothArms() ? sum.plus(new Counts(totals.cohortControl(), totals.control())) : sum;
        }
        return sum;
    }

    static Counts treatment(List<StratumTotals> strata, String metric) {
        Counts sum = Counts.NONE;
        for (StratumTotals each : strata) {
            MetricTotals totals = each.metric(metric);
            sum = totals.hasBothArms() ? sum.plus(new Counts(totals.cohortTreatment(), totals.treatment())) : sum;
        }
        return sum;
    }
}
