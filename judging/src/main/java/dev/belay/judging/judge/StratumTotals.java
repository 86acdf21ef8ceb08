// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.judge;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.belay.contracts.verdicts.Block;
import dev.belay.contracts.verdicts.Counts;
import dev.belay.contracts.verdicts.MetricCounts;
import dev.belay.contracts.verdicts.MetricValues;
import dev.belay.statistics.Histogram;
import dev.belay.statistics.Stratum;
import org.jspecify.annotations.Nullable;

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
     * @param controlValues units of control by the bin of their value; null where no values are compared
     * @param treatmentValues units of the treatment likewise
     */
    public record MetricTotals(
            long cohortControl,
            long cohortTreatment,
            long control,
            long treatment,
            @Nullable Map<Integer, Long> controlValues,
            @Nullable Map<Integer, Long> treatmentValues) {
        static final MetricTotals NONE = new MetricTotals(0, 0, 0, 0);

        MetricTotals(long cohortControl, long cohortTreatment, long control, long treatment) {
            this(cohortControl, cohortTreatment, control, treatment, null, null);
        }

        /** Units are final once, so the blocks' are added up. */
        MetricTotals plus(MetricCounts counts) {
            MetricValues values = counts.values();
            return new MetricTotals(
                    cohortControl + counts.cohortControl(),
                    cohortTreatment + counts.cohortTreatment(),
                    control + counts.newControl(),
                    treatment + counts.newTreatment(),
                    values == null ? controlValues : sum(controlValues, values.control()),
                    values == null ? treatmentValues : sum(treatmentValues, values.treatment()));
        }

        private static Map<Integer, Long> sum(@Nullable Map<Integer, Long> one, Map<Integer, Long> other) {
            Map<Integer, Long> sum = new TreeMap<>();
            if (one != null) {
                sum.putAll(one);
            }
            other.forEach((bin, count) -> sum.merge(bin, count, Long::sum));
            return sum;
        }

        Histogram controlHistogram() {
            return Histogram.of(controlValues == null ? Map.of() : controlValues);
        }

        Histogram treatmentHistogram() {
            return Histogram.of(treatmentValues == null ? Map.of() : treatmentValues);
        }

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
            if (each.isFinal()) {
                totals.put(each.metric(), metric(each.metric()).plus(each));
                continue;
            }
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
