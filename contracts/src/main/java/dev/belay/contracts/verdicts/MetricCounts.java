// SPDX-License-Identifier: Apache-2.0
package dev.belay.contracts.verdicts;

import java.util.Map;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.belay.contracts.Require;
import dev.belay.contracts.metrics.MetricDefinition.Mode;
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
 * @param mode when and how outcomes count; null for {@code ARRIVAL}. In {@code MATURED} the cohorts are the units whose
 *     window ended, and which no earlier block had, and events and totals those of them that count; in {@code CLUSTERED}
 *     events are outcomes, of which a unit may have several
 * @param dispersion in {@code CLUSTERED} what events are divided by before they are evidence, from earlier blocks, at least
 *     1; null otherwise
 * @param late how many events came too late; null when not noted. About the data, not evidence
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
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable MetricValues values,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Mode mode,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Double dispersion,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Lateness late) {
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
        Require.that(
                dispersion == null || (dispersion >= 1 && Double.isFinite(dispersion)),
                "dispersion",
                "must be finite and at least 1",
                dispersion);
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
                null,
                null,
                null,
                null);
    }

    /** Returns the counts of values that became final. */
    public static MetricCounts of(String metric, MetricValues values) {
        return ofFinal(metric, values, values, null);
    }

    /**
     * Returns the counts of units whose windows ended.
     *
     * @param units those that do not count in bin 0, those that do in any other
     */
    public static MetricCounts matured(String metric, MetricValues units) {
        return ofFinal(metric, units, null, Mode.MATURED);
    }

    private static MetricCounts ofFinal(
            String metric, MetricValues units, @Nullable MetricValues values, @Nullable Mode mode) {
        long control = units(units.control());
        long treatment = units(units.treatment());
        long someControl = control - units.control().getOrDefault(0, 0L);
        long someTreatment = treatment - units.treatment().getOrDefault(0, 0L);
        return new MetricCounts(
                metric,
                control,
                treatment,
                someControl,
                someTreatment,
                someControl,
                someTreatment,
                null,
                null,
                values,
                mode,
                null,
                null);
    }

    /** Returns the same counts with what is noted of the data. */
    public MetricCounts noting(@Nullable Long outcomesNow, @Nullable Long joinedNow, @Nullable Lateness lateNow) {
        return new MetricCounts(
                metric,
                cohortControl,
                cohortTreatment,
                newControl,
                newTreatment,
                totalControl,
                totalTreatment,
                outcomesNow,
                joinedNow,
                values,
                mode,
                dispersion,
                lateNow);
    }

    /** Returns the same counts of outcomes, of which a unit may have several. */
    public MetricCounts clustered(double factor) {
        return new MetricCounts(
                metric,
                cohortControl,
                cohortTreatment,
                newControl,
                newTreatment,
                totalControl,
                totalTreatment,
                outcomes,
                joined,
                values,
                Mode.CLUSTERED,
                factor,
                late);
    }

    /** Returns whether units are in one block only, when what they did is final. */
    @JsonIgnore
    public boolean isFinal() {
        return values != null || mode == Mode.MATURED;
    }

    private static long units(Map<Integer, Long> values) {
        return values.values().stream().mapToLong(Long::longValue).sum();
    }
}
