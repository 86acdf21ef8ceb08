// SPDX-License-Identifier: Apache-2.0
package dev.belay.contracts.metrics;

import java.time.Duration;
import java.time.Instant;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.belay.contracts.Require;
import org.jspecify.annotations.Nullable;

/**
 * How outcomes become a number.
 *
 * <p>Topic {@code belay.metrics.v1}, keyed by {@code project/name}; a plan keeps a copy of those it uses.
 *
 * @param project name of the project
 * @param name name of the metric
 * @param version rises with every change, from 1
 * @param title for people; null when there is none
 * @param owner team or person; null when there is none
 * @param kind what is measured
 * @param event name of the outcomes that count
 * @param within how long after its exposure a unit's outcome still counts; null for as long as the rollout runs
 * @param goodWhen the direction people want
 * @param value name of the outcome property that holds the value; null for the outcome's own value; mean and quantile only
 * @param cap greatest value counted, mean only; null for one found from data
 * @param quantile which quantile, 0 to 1 exclusive, quantile only
 * @param unit kind of unit that the outcomes name
 * @param updatedAt when this version was written
 * @param mode when and how outcomes count; null for {@link Mode#ARRIVAL}
 */
public record MetricDefinition(
        String project,
        String name,
        long version,
        @Nullable String title,
        @Nullable String owner,
        MetricKind kind,
        String event,
        @Nullable Duration within,
        GoodWhen goodWhen,
        @Nullable String value,
        @Nullable Double cap,
        @Nullable Double quantile,
        String unit,
        Instant updatedAt,
        @Nullable Mode mode) {

    /** When and how outcomes count. */
    public enum Mode {
        /** A unit counts as soon as its first outcome arrives. */
        @JsonProperty("arrival")
        ARRIVAL,
        /** A unit is compared once its window is over, so that outcomes may come later in one arm; conversion only. */
        @JsonProperty("matured")
        MATURED,
        /** Every outcome counts, for as much less than one as units have several; rate only. */
        @JsonProperty("clustered")
        CLUSTERED
    }

    /** The direction people want. */
    public enum GoodWhen {
        @JsonProperty("up")
        UP,
        @JsonProperty("down")
        DOWN
    }

    /** @throws IllegalArgumentException if a part is missing or out of range */
    public MetricDefinition {
        Require.name(project, "project");
        Require.name(name, "name");
        Require.positive(version, "version");
        Require.nonNull(kind, "kind");
        Require.text(event, "event");
        Require.nonNull(goodWhen, "goodWhen");
        Require.name(unit, "unit");
        Require.nonNull(updatedAt, "updatedAt");
        Require.that(
                within == null || (!within.isNegative() && !within.isZero()), "within", "must be positive", within);
        Require.that(cap == null || cap > 0, "cap", "must be positive", cap);
        Require.that(
                (quantile != null) == (kind == MetricKind.QUANTILE),
                "quantile",
                "is given for kind quantile and no other",
                quantile);
        Require.that(quantile == null || (quantile > 0 && quantile < 1), "quantile", "must lie in (0, 1)", quantile);
        Require.that(
                mode != Mode.MATURED || (kind == MetricKind.CONVERSION && within != null),
                "mode",
                "may be matured for kind conversion with within only",
                kind);
        Require.that(
                mode != Mode.CLUSTERED || kind == MetricKind.RATE, "mode", "may be clustered for kind rate only", kind);
    }

    /** A metric whose outcomes count as they arrive. */
    public MetricDefinition(
            String project,
            String name,
            long version,
            @Nullable String title,
            @Nullable String owner,
            MetricKind kind,
            String event,
            @Nullable Duration within,
            GoodWhen goodWhen,
            @Nullable String value,
            @Nullable Double cap,
            @Nullable Double quantile,
            String unit,
            Instant updatedAt) {
        this(
                project, name, version, title, owner, kind, event, within, goodWhen, value, cap, quantile, unit,
                updatedAt, null);
    }

    /** Returns the same metric with outcomes that count otherwise. */
    public MetricDefinition counting(Mode other) {
        return new MetricDefinition(
                project, name, version, title, owner, kind, event, within, goodWhen, value, cap, quantile, unit,
                updatedAt, other);
    }

    /** Returns the key of the record. */
    @JsonIgnore
    public String key() {
        return project + "/" + name;
    }
}
