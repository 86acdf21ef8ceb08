// SPDX-License-Identifier: Apache-2.0
package dev.belay.manifest;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.contracts.Require;
import dev.belay.contracts.keys.Role;
import dev.belay.contracts.rollouts.AdvanceMode;
import dev.belay.contracts.rollouts.AdvancePolicy;
import dev.belay.contracts.rollouts.Approval;
import dev.belay.contracts.rollouts.Audience;
import dev.belay.contracts.rollouts.RolloutTemplate;
import dev.belay.contracts.rollouts.Sensitivity;
import dev.belay.contracts.rollouts.Stage;
import dev.belay.contracts.rollouts.TemplateGuardrail;
import dev.belay.contracts.rollouts.Window;
import org.jspecify.annotations.Nullable;

/** Reads the spec of a rollout template. */
final class TemplateReader {
    private static final double ALL = 100;
    private static final long MOST_APPROVALS = 100;
    private static final Map<String, AdvanceMode> MODES = Choices.of(AdvanceMode.class);

    private static final Set<String> LOCKABLE =
            new LinkedHashSet<>(List.of("stages", "only", "guardrails", "goals", "watchBy", "sensitivity", "tell"));

    private TemplateReader() {}

    static @Nullable TemplateDocument read(String name, Place place) {
        return read(name, place, Map.of());
    }

    /**
     * Reads a spec with values in the place of its inputs.
     *
     * @param given values by input name; inputs left out take their default
     */
    static @Nullable TemplateDocument read(String name, Place written, Map<String, String> given) {
        Map<String, RolloutTemplate.Input> inputs = inputs(written.child("inputs", child(written, "inputs")));
        boolean isFilled = inputs.values().stream().anyMatch(input -> input.type() != null);
        Place place = isFilled ? new InputFiller(inputs, given).filled(written) : written;
        return read(name, place, inputs, isFilled ? written.node() : null);
    }

    private static @Nullable JsonNode child(Place place, String name) {
        JsonNode node = place.node();
        return node == null ? null : node.get(name);
    }

    private static @Nullable TemplateDocument read(
            String name, Place place, Map<String, RolloutTemplate.Input> inputs, @Nullable JsonNode source) {
        Fields spec = place.object();
        spec.take("inputs");
        String project = spec.take("project").name();
        String title = spec.take("title").optionalText();
        String owner = spec.take("owner").optionalText();
        AdvancePolicy advance = advance(spec.take("advance"));
        List<Stage> stages = stages(spec.take("stages"), advance);
        List<TemplateGuardrail> guardrails = new GuardrailReader(inputs).read(spec.take("guardrails"));
        List<String> goals = uniqueNames(spec.take("goals"));
        List<String> watchBy = spec.take("watchBy").list(Place::optionalText);
        Sensitivity sensitivity = spec.take("sensitivity").optionalOneOf(Choices.of(Sensitivity.class));
        List<String> tell = uniqueNames(spec.take("tell"));
        List<String> locked = locked(spec.take("locked"));
        RolloutTemplate.DefaultFor defaultFor = defaultFor(spec.take("defaultFor"));
        return spec.make(() -> new TemplateDocument(
                project,
                name,
                title,
                owner,
                inputs,
                stages,
                advance,
                guardrails,
                goals,
                watchBy,
                sensitivity == null ? Sensitivity.BALANCED : sensitivity,
                tell,
                locked,
                defaultFor,
                source));
    }

    private static List<String> locked(Place place) {
        return place.list(item -> {
            String part = item.optionalText();
            if (part != null && !LOCKABLE.contains(part)) {
                item.refuse("must be one of " + String.join(", ", LOCKABLE) + Nearest.hint(part, LOCKABLE));
                return null;
            }
            return part;
        });
    }

    private static RolloutTemplate.@Nullable DefaultFor defaultFor(Place place) {
        if (!place.isGiven()) {
            return null;
        }
        Fields fields = place.object();
        boolean project = fields.take("project").flag(false);
        List<String> tags = fields.take("tags").list(Place::optionalText);
        return fields.make(() -> new RolloutTemplate.DefaultFor(project, tags));
    }

    private static List<String> uniqueNames(Place place) {
        Set<String> seen = new HashSet<>();
        return place.list(item -> {
            String name = item.optionalName();
            if (name != null && !seen.add(name)) {
                item.refuse("must be named once");
            }
            return name;
        });
    }

    private static Map<String, RolloutTemplate.Input> inputs(Place place) {
        Map<String, RolloutTemplate.Input> inputs = new LinkedHashMap<>();
        place.entries().forEach((key, value) -> {
            RolloutTemplate.Input input = input(value);
            if (isName(key, value) && input != null) {
                inputs.put(key, input);
            }
        });
        return inputs;
    }

    private static boolean isName(String key, Place place) {
        try {
            Require.name(key, "input");
            return true;
        } catch (IllegalArgumentException e) {
            place.refuse("must have a name of letters, digits, '.', '-' or '_' as its key", key);
            return false;
        }
    }

    /** Returns an input that asks for a metric, without a default, for nothing and for an empty object. */
    private static RolloutTemplate.@Nullable Input input(Place place) {
        if (!place.isGiven()) {
            return RolloutTemplate.Input.ofMetric(null);
        }
        Fields fields = place.object();
        String metric = fields.take("metric").optionalName();
        RolloutTemplate.InputType type = fields.take("type").optionalOneOf(Choices.of(RolloutTemplate.InputType.class));
        Place otherwise = fields.take("default");
        String value = InputFiller.text(otherwise);
        if (type != null && value != null) {
            InputFiller.refusal(type, value).ifPresent(otherwise::refuse);
        }
        return fields.make(() -> new RolloutTemplate.Input(metric, type, value));
    }

    private static AdvancePolicy advance(Place place) {
        if (!place.isGiven()) {
            return AdvancePolicy.PROVEN;
        }
        Fields fields = place.object();
        AdvanceMode when = fields.take("when").optionalOneOf(MODES);
        Duration askAfter = fields.take("askAfter").optionalDuration();
        List<Window> only = fields.take("only").list(TemplateReader::window);
        AdvancePolicy policy =
                fields.make(() -> new AdvancePolicy(when == null ? AdvanceMode.PROVEN : when, askAfter, only));
        return policy == null ? AdvancePolicy.PROVEN : policy;
    }

    private static @Nullable Window window(Place place) {
        Fields fields = place.object();
        List<DayOfWeek> days = days(fields.take("days"));
        LocalTime from = time(fields.take("from"));
        Place toPlace = fields.take("to");
        LocalTime to = time(toPlace);
        if (from != null && to != null && !from.isBefore(to)) {
            toPlace.refuse("must be after from, " + from);
        }
        Place zonePlace = fields.take("zone");
        ZoneId zone = zonePlace.written("must be a time zone such as Europe/London", ZoneId::of);
        requireGiven(zonePlace);
        return fields.make(() -> new Window(
                days, Require.nonNull(from, "from"), Require.nonNull(to, "to"), Require.nonNull(zone, "zone")));
    }

    private static List<DayOfWeek> days(Place place) {
        requireGiven(place);
        List<Place> written = place.isList() ? place.items() : List.of(place);
        if (place.isList() && written.isEmpty()) {
            place.refuse("must not be empty");
        }
        return written.stream()
                .map(item -> item.written(Days.RULE, Days::parse))
                .filter(Objects::nonNull)
                .flatMap(List::stream)
                .distinct()
                .toList();
    }

    private static @Nullable LocalTime time(Place place) {
        requireGiven(place);
        return place.written(
                "must be a time of day such as 09:00",
                text -> text.equals("24:00") ? LocalTime.MAX : LocalTime.parse(text));
    }

    private static void requireGiven(Place place) {
        if (!place.isGiven()) {
            place.refuse("is required");
        }
    }

    private static List<Stage> stages(Place place, AdvancePolicy advance) {
        if (!place.isGiven() || (place.isList() && place.items().isEmpty())) {
            place.refuse(place.isGiven() ? "must not be empty" : "is required");
        }
        Set<String> names = new HashSet<>();
        List<Place> items = place.items();
        List<Stage> stages = new ArrayList<>();
        for (Place item : items) {
            Stage stage = stage(item, advance, names);
            if (stage != null) {
                stages.add(stage);
            }
        }
        if (stages.size() == items.size() && !stages.isEmpty() && names.size() == items.size()) {
            CumulativeStages.firstThatTakesOut(stages)
                    .ifPresent(refusal ->
                            items.get(refusal.stage()).child("to", null).refuse(refusal.rule(), refusal.value()));
        }
        return stages;
    }

    private static @Nullable Stage stage(Place place, AdvancePolicy policy, Set<String> names) {
        Fields fields = place.object();
        Place namePlace = fields.take("name");
        String name = namePlace.name();
        if (!name.isEmpty() && !names.add(name)) {
            namePlace.refuse("must be unique among the stages");
        }
        Audience to = audience(fields.take("to"));
        Double control = control(fields.take("control"));
        Duration atLeast = fields.take("atLeast").duration();
        Long minUsers = fields.take("minUsers").optionalPositive();
        AdvanceMode mode = fields.take("advance").optionalOneOf(MODES);
        Duration askAfter = fields.take("askAfter").optionalDuration();
        Approval approval = approval(fields.take("approval"));
        return fields.make(() -> new Stage(
                name,
                Require.nonNull(to, "to"),
                control,
                atLeast,
                minUsers,
                mode == null ? policy.when() : mode,
                askAfter == null ? policy.askAfter() : askAfter,
                approval));
    }

    private static @Nullable Audience audience(Place place) {
        if (place.isObject()) {
            Fields fields = place.object();
            String segment = fields.take("segment").name();
            return fields.make(() -> Audience.segment(segment));
        }
        requireGiven(place);
        Double percent = place.written("must be a percentage such as 20% or { segment: name }", Percentages::parse);
        if (percent != null && (percent <= 0 || percent > ALL)) {
            place.refuse("must be above 0% and at most 100%");
            return null;
        }
        return percent == null ? null : Audience.percent(percent);
    }

    private static @Nullable Double control(Place place) {
        Double control = place.optionalPercent();
        if (control != null && (control <= 0 || control >= ALL)) {
            place.refuse("must be above 0% and below 100%");
        }
        return control;
    }

    private static @Nullable Approval approval(Place place) {
        if (!place.isGiven()) {
            return null;
        }
        Fields fields = place.object();
        Approval.Before before = fields.take("before").optionalOneOf(Choices.of(Approval.Before.class));
        Role by = fields.take("by").oneOf(Choices.of(Role.class));
        Place countPlace = fields.take("count");
        Long count = countPlace.optionalPositive();
        if (count != null && count > MOST_APPROVALS) {
            countPlace.refuse("must be at most " + MOST_APPROVALS);
        }
        return fields.make(() -> new Approval(
                before == null ? Approval.Before.ENTERING : before,
                Choices.word(Require.nonNull(by, "by")),
                count == null ? 1 : Math.toIntExact(count)));
    }
}
