// SPDX-License-Identifier: Apache-2.0
package dev.belay.contracts.verdicts;

import java.util.Map;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.belay.contracts.Require;
import org.jspecify.annotations.Nullable;

/**
 * A metric's part of a block.
 *
 * @param metric name of the metric
 * @param cohortControl units of control that are compared for this metric: exposed, and not counted in an earlier stratum
 * @param cohortTreatment units of the treatment, as for control
 * @param newControl new events of control's cohort in the block
 * @param newTreatment new events of the treatment's cohort in the block
 * @param totalControl units of control's cohort that count so far, exact
 * @param totalTreatment units of the treatment's cohort that count so far, exact
 * @param outcomes outcomes of the metric's event that arrived since the rollout is judged, whoever they are of; null when
 *     not noted. About the data, not evidence: after a crash a few may be missing
 * @param joined those of them that are of a unit which saw the flag; null when not noted
 * @param values of a mean or quantile, the values that became final in the block, and then the cohorts are the units they
 *     are of, and events and totals those with a value above 0; null for other metrics
 */
public record MetricCounts(
        String metric,
        long cohortControl,
        long cohortTreatment,
        long newControl,
        long newTreatment,
        long totalControl,
        long totalTreatment,
        @Nullable Long outcomes,
        @Nullable Long joined,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable MetricValues values) {
    /** @throws IllegalArgumentException if a number is negative */
    public MetricCounts {
        Require.name(metric, "metric");
        Require.notNegative(cohortControl, "cohortControl");
        Require.notNegative(cohortTreatment, "cohortTreatment");
        Require.notNegative(newControl, "newControl");
        Require.notNegative(newTreatment, "newTreatment");
        Require.notNegative(totalControl, "totalControl");
        Require.notNegative(totalTreatment, "totalTreatment");
        Require.notNegative(outcomes == null ? 0 : outcomes, "outcomes");
        Require.notNegative(joined == null ? 0 : joined, "joined");
    }

    /** Counts of a metric whose join was not noted. */
    public MetricCounts(
            String metric,
            long cohortControl,
            long cohortTreatment,
            long newControl,
            long newTreatment,
            long totalControl,
            long totalTreatment) {
        this(
                metric,
                cohortControl,
                cohortTreatment,
                newControl,
                newTreatment,
                totalControl,
                totalTreatment,
                null,
                null);
    }

    /** Counts of a metric without values. */
    public MetricCounts(
            String metric,
            long cohortControl,
            long cohortTreatment,
            long newControl,
            long newTreatment,
            long totalControl,
            long totalTreatment,
            @Nullable Long outcomes,
            @Nullable Long joined) {
        this(
                metric,
                cohortControl,
                cohortTreatment,
                newControl,
                newTreatment,
                totalControl,
                totalTreatment,
                outcomes,
                joined,
                null);
    }

    /** Returns the counts of values that became final. */
    public static MetricCounts of(String metric, MetricValues values) {
        long control = units(values.control());
        long treatment = units(values.treatment());
        long someControl = control - values.control().getOrDefault(0, 0L);
        long someTreatment = treatment - values.treatment().getOrDefault(0, 0L);
        return new MetricCounts(
                metric, control, treatment, someControl, someTreatment, someControl, someTreatment, null, null, values);
    }

    private static long units(Map<Integer, Long> values) {
        return values.values().stream().mapToLong(Long::longValue).sum();
    }
}
