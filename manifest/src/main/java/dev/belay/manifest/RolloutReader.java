// SPDX-License-Identifier: Apache-2.0
package dev.belay.manifest;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.belay.contracts.Require;
import org.jspecify.annotations.Nullable;

/** Reads the spec of a rollout. */
final class RolloutReader {
    private RolloutReader() {}

    static @Nullable RolloutDocument read(@Nullable String name, Place place) {
        Fields spec = place.object();
        String project = spec.take("project").optionalName();
        String environment = spec.take("environment").name();
        String flag = spec.take("flag").name();
        TemplateReference template = template(spec.take("template"));
        String control = spec.take("control").name();
        List<String> treatments = treatments(spec.take("treatments"), control);
        Map<String, String> inputs = inputs(spec.take("inputs"));
        Instant startAt = spec.take("startAt")
                .written("must be a time such as 2026-01-05T09:00:00Z", text -> OffsetDateTime.parse(text)
                        .toInstant());
        return spec.make(() -> new RolloutDocument(
                project,
                name,
                environment,
                flag,
                Require.nonNull(template, "template"),
                control,
                treatments,
                inputs,
                startAt));
    }

    private static @Nullable TemplateReference template(Place place) {
        return place.isGiven() ? place.parsed(TemplateReference::parse) : TemplateReference.DEFAULT;
    }

    private static List<String> treatments(Place place, String control) {
        Set<String> seen = new LinkedHashSet<>();
        List<Place> items = place.items();
        for (Place item : items) {
            String treatment = item.name();
            if (!treatment.isEmpty() && treatment.equals(control)) {
                item.refuse("must not be control");
            } else if (!treatment.isEmpty() && !seen.add(treatment)) {
                item.refuse("must be named once");
            }
        }
        if (items.isEmpty() && (!place.isGiven() || place.isList())) {
            place.refuse(place.isGiven() ? "must not be empty" : "is required");
        }
        return List.copyOf(seen);
    }

    private static Map<String, String> inputs(Place place) {
        Map<String, String> inputs = new LinkedHashMap<>();
        place.entries().forEach((name, value) -> {
            Fields fields = value.object();
            Place valuePlace = fields.take("value");
            Place metricPlace = fields.take("metric");
            String text = valuePlace.isGiven() ? InputFiller.text(valuePlace) : metricPlace.name();
            if (valuePlace.isGiven() && metricPlace.isGiven()) {
                value.refuse("must have a metric or a value");
            }
            String given = fields.make(() -> text == null ? "" : text);
            if (given != null) {
                inputs.put(name, given);
            }
        });
        return inputs;
    }
}
