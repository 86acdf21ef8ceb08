// SPDX-License-Identifier: Apache-2.0
package dev.belay.manifest;

import java.time.Duration;

import dev.belay.contracts.Require;
import dev.belay.contracts.Unit;
import dev.belay.contracts.metrics.MetricDefinition;
import dev.belay.contracts.metrics.MetricKind;
import org.jspecify.annotations.Nullable;

/** Reads the spec of a metric. */
final class MetricReader {
    private MetricReader() {}

    static @Nullable MetricDocument read(String name, Place place) {
        Fields spec = place.object();
        String project = spec.take("project").name();
        String title = spec.take("title").optionalText();
        String owner = spec.take("owner").optionalText();
        MetricKind kind = spec.take("kind").oneOf(Choices.of(MetricKind.class));
        String event = spec.take("event").text();
        Duration within = within(spec.take("within"));
        MetricDefinition.GoodWhen goodWhen = spec.take("goodWhen").oneOf(Choices.of(MetricDefinition.GoodWhen.class));
        String value = value(spec.take("value"), kind);
        Double cap = cap(spec.take("cap"), kind);
        Double quantile = quantile(spec.take("quantile"), kind);
        String unit = spec.take("unit").optionalName();
        MetricDefinition.Mode mode = mode(spec.take("mode"), kind, within);
        return spec.make(() -> new MetricDocument(
                project,
                name,
                title,
                owner,
                Require.nonNull(kind, "kind"),
                event,
                within,
                Require.nonNull(goodWhen, "goodWhen"),
                value,
                cap,
                quantile,
                unit == null ? Unit.USER : unit,
                mode));
    }

    private static MetricDefinition.@Nullable Mode mode(
            Place place, @Nullable MetricKind kind, @Nullable Duration within) {
        MetricDefinition.Mode mode = place.optionalOneOf(Choices.of(MetricDefinition.Mode.class));
        if (mode == MetricDefinition.Mode.MATURED && kind != null && kind != MetricKind.CONVERSION) {
            place.refuse("belongs to kind conversion");
        } else if (mode == MetricDefinition.Mode.MATURED && within == null) {
            place.refuse("needs within, after which a user is mature");
        } else if (mode == MetricDefinition.Mode.CLUSTERED && kind != null && kind != MetricKind.RATE) {
            place.refuse("belongs to kind rate");
        }
        return mode == MetricDefinition.Mode.ARRIVAL ? null : mode;
    }

    private static @Nullable Duration within(Place place) {
        Duration within = place.optionalDuration();
        if (within != null && within.isZero()) {
            place.refuse("must be positive");
        }
        return within;
    }

    private static @Nullable String value(Place place, @Nullable MetricKind kind) {
        if (place.isGiven() && kind != null && kind != MetricKind.MEAN && kind != MetricKind.QUANTILE) {
            place.refuse("belongs to kind mean or quantile");
        }
        return place.optionalText();
    }

    private static @Nullable Double cap(Place place, @Nullable MetricKind kind) {
        Double cap = place.optionalNumber();
        if (place.isGiven() && kind != null && kind != MetricKind.MEAN) {
            place.refuse("belongs to kind mean");
        } else if (cap != null && cap <= 0) {
            place.refuse("must be positive");
        }
        return cap;
    }

    private static @Nullable Double quantile(Place place, @Nullable MetricKind kind) {
        Double quantile = place.optionalNumber();
        if (place.isGiven() && kind != null && kind != MetricKind.QUANTILE) {
            place.refuse("belongs to kind quantile");
        } else if (!place.isGiven() && kind == MetricKind.QUANTILE) {
            place.refuse("is required by kind quantile");
        } else if (quantile != null && (quantile <= 0 || quantile >= 1)) {
            place.refuse("must lie between 0 and 1, such as 0.95");
        }
        return quantile;
    }
}
