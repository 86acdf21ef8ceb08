// SPDX-License-Identifier: Apache-2.0
package dev.belay.manifest;

import java.time.Duration;
import java.time.Instant;

import dev.belay.contracts.metrics.MetricDefinition;
import dev.belay.contracts.metrics.MetricDefinition.Mode;
import dev.belay.contracts.metrics.MetricKind;
import org.jspecify.annotations.Nullable;

/** A metric as written; the components mean what they mean in {@link MetricDefinition}. */
public record MetricDocument(
        String project,
        String name,
        @Nullable String title,
        @Nullable String owner,
        MetricKind metricKind,
        String event,
        @Nullable Duration within,
        MetricDefinition.GoodWhen goodWhen,
        @Nullable String value,
        @Nullable Double cap,
        @Nullable Double quantile,
        String unit,
        @Nullable Mode mode)
        implements Document {
    @Override
    public Kind kind() {
        return Kind.METRIC;
    }

    public MetricDefinition toDefinition(long version, Instant at) {
        return new MetricDefinition(
                project,
                name,
                version,
                title,
                owner,
                metricKind,
                event,
                within,
                goodWhen,
                value,
                cap,
                quantile,
                unit,
                at,
                mode);
    }
}
