// SPDX-License-Identifier: Apache-2.0
package dev.belay.manifest;

import java.time.Duration;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.belay.contracts.rollouts.Guardrail;
import dev.belay.contracts.rollouts.RolloutTemplate;
import dev.belay.contracts.rollouts.TemplateGuardrail;
import org.jspecify.annotations.Nullable;

/** Reads the guardrails of a template. */
final class GuardrailReader {
    private final Map<String, RolloutTemplate.Input> inputs;
    private final Set<String> names = new HashSet<>();

    GuardrailReader(Map<String, RolloutTemplate.Input> inputs) {
        this.inputs = inputs;
    }

    List<TemplateGuardrail> read(Place place) {
        return place.list(this::guardrail);
    }

    private @Nullable TemplateGuardrail guardrail(Place place) {
        Fields fields = place.object();
        if (!place.isObject()) {
            return null;
        }
        Place metricPlace = fields.take("metric");
        String input = metricPlace.isObject() ? input(metricPlace) : null;
        String metric = metricPlace.isObject() ? placeholder(input) : metricPlace.name();
        String name = name(fields.take("name"), place, input == null ? metric : input);
        Map<Guardrail.Limit, Place> limits = limits(fields);
        if (limits.size() != 1) {
            place.refuse("must have exactly one of falls, rises, above, below");
        }
        Guardrail.Limit limit = limits.isEmpty()
                ? Guardrail.Limit.FALLS
                : limits.keySet().iterator().next();
        double threshold = limits.isEmpty() ? 0 : threshold(limit, limits.get(limit));
        boolean isRelative = limit == Guardrail.Limit.FALLS || limit == Guardrail.Limit.RISES;
        Duration within = within(fields.take("within"), isRelative);
        Guardrail.Of of = of(fields.take("of"), isRelative);
        Guardrail.Then then = fields.take("then").optionalOneOf(Choices.of(Guardrail.Then.class));
        Guardrail.Scope scope = fields.take("scope").optionalOneOf(Choices.of(Guardrail.Scope.class));
        return fields.make(() -> new TemplateGuardrail(
                input,
                new Guardrail(
                        name,
                        metric,
                        limit,
                        threshold,
                        within,
                        of,
                        then == null ? Guardrail.Then.ROLLBACK : then,
                        scope == null ? Guardrail.Scope.AUTO : scope)));
    }

    private @Nullable String input(Place place) {
        Fields fields = place.object();
        Place inputPlace = fields.take("input");
        String input = inputPlace.name();
        if (!input.isEmpty() && !inputs.containsKey(input)) {
            inputPlace.refuse("must be one of the template's inputs" + Nearest.hint(input, inputs.keySet()));
        }
        return fields.make(() -> input);
    }

    /** Stands where the metric will stand: the input's default, or the input's name. */
    private String placeholder(@Nullable String input) {
        if (input == null) {
            return "";
        }
        RolloutTemplate.Input declared = inputs.get(input);
        String metric = declared == null ? null : declared.metric();
        return metric == null ? input : metric;
    }

    private String name(Place place, Place guardrail, String otherwise) {
        String given = place.optionalName();
        String name = given == null ? otherwise : given;
        if (!name.isEmpty() && !names.add(name)) {
            guardrail.child("name", null).refuse("must be unique among the guardrails", name);
        }
        return name;
    }

    private static Map<Guardrail.Limit, Place> limits(Fields fields) {
        Map<Guardrail.Limit, Place> limits = new EnumMap<>(Guardrail.Limit.class);
        Choices.of(Guardrail.Limit.class).forEach((word, limit) -> {
            Place place = fields.take(word);
            if (place.isGiven()) {
                limits.put(limit, place);
            }
        });
        return limits;
    }

    private static double threshold(Guardrail.Limit limit, @Nullable Place place) {
        if (place == null) {
            return 0;
        }
        Double threshold =
                switch (limit) {
                    case FALLS, RISES -> place.optionalFraction();
                    case ABOVE, BELOW -> place.optionalNumber();
                };
        if (threshold == null) {
            return 0;
        }
        if (limit == Guardrail.Limit.FALLS && (threshold <= 0 || threshold >= 1)) {
            place.refuse("must be above 0% and below 100%");
        } else if (limit == Guardrail.Limit.RISES && threshold <= 0) {
            place.refuse("must be above 0%");
        }
        return threshold;
    }

    private static @Nullable Duration within(Place place, boolean isRelative) {
        Duration within = place.optionalDuration();
        if (isRelative && place.isGiven()) {
            place.refuse("belongs to above and below");
        } else if (!isRelative && !place.isGiven()) {
            place.refuse("is required by above and below");
        } else if (within != null && within.isZero()) {
            place.refuse("must be positive");
        }
        return within;
    }

    private static Guardrail.@Nullable Of of(Place place, boolean isRelative) {
        Guardrail.Of of = place.optionalOneOf(Choices.of(Guardrail.Of.class));
        if (isRelative && place.isGiven()) {
            place.refuse("belongs to above and below");
        }
        return of == null && !isRelative ? Guardrail.Of.TREATMENT : of;
    }
}
