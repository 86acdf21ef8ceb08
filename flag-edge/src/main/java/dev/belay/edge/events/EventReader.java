// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge.events;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.belay.contracts.FlagRef;
import dev.belay.contracts.IsoInstant;
import dev.belay.contracts.Unit;
import dev.belay.contracts.events.Outcome;
import dev.belay.contracts.flags.FlagDefinition;
import dev.belay.contracts.rollouts.Allocation;
import dev.belay.contracts.rollouts.Clause;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.edge.Place;
import dev.belay.evaluation.EvaluationContext;
import dev.belay.evaluation.Evaluator;
import dev.belay.evaluation.ServedFlag;
import dev.belay.evaluation.Snapshot;
import org.jspecify.annotations.Nullable;

/**
 * Turns what an application sent into records, or says what is wrong with it.
 *
 * <p>An exposure that states epoch and allocation was assigned elsewhere and is taken as stated, when this edge knows that
 * allocation. For any other the flag is evaluated again: the same variant makes it known where it belongs, another one
 * leaves it unattributed.
 *
 * <p>One reader reads one request. Not thread-safe.
 */
final class EventReader {
    private static final String SOURCE = "events";
    private static final Duration OLDEST = Duration.ofDays(7);
    private static final int MAX_TEXT = 200;
    private static final int MAX_WEIGHT = 100_000;
    private static final int SCALAR = 8;
    private static final int NONE = -1;
    private static final double PERCENT = 100;

    private final Place place;
    private final boolean mayState;
    private final Snapshot snapshot;
    private final Instant now;
    private final Map<String, JsonNode> exposures = new HashMap<>();
    private final Map<String, JsonNode> outcomes = new HashMap<>();

    /**
     * @param mayState whether the sender may state assignments
     * @param now the edge's time; no event is later
     */
    EventReader(Place place, boolean mayState, Snapshot snapshot, Instant now) {
        this.place = place;
        this.mayState = mayState;
        this.snapshot = snapshot;
        this.now = now;
    }

    /** @param index position in the request, for the refusal */
    Reading read(int index, JsonNode event) {
        try {
            return read(event);
        } catch (Refusal e) {
            return refused(index, e);
        } catch (IllegalArgumentException e) {
            return refused(index, Refusal.of(e));
        }
    }

    private static Reading refused(int index, Refusal refusal) {
        return new Reading.Refused(index, refusal.field(), refusal.rule(), refusal.value());
    }

    private Reading read(JsonNode event) {
        Refusal.unless(event.isObject(), "event", "must be a JSON object", event);
        requirePlace(event);
        String type = event.path("type").asText("");
        Reading reading =
                switch (type) {
                    case "exposure" -> exposure(event);
                    case "outcome" -> new Reading.Happened(outcome(event));
                    default -> throw new Refusal("type", "must be exposure or outcome", event.get("type"));
                };
        return repeats(type, event) ? new Reading.Repeated() : reading;
    }

    /** The request says what project and environment it is about; an event may only say the same. */
    private void requirePlace(JsonNode event) {
        JsonNode project = event.path("project");
        JsonNode environment = event.path("environment");
        Refusal.unless(
                project.asText(place.project()).equals(place.project()),
                "project",
                "must be the request's, " + place.project(),
                project);
        Refusal.unless(
                environment.asText(place.environment()).equals(place.environment()),
                "environment",
                "must be the request's, " + place.environment(),
                environment);
    }

    /** Of two different events with one id the second would be lost as a repeat of the first. */
    private boolean repeats(String type, JsonNode event) {
        Map<String, JsonNode> seen = type.equals("exposure") ? exposures : outcomes;
        JsonNode known = seen.putIfAbsent(event.path("id").textValue(), event);
        Refusal.unless(
                known == null || known.equals(event), "id", "must not be that of another event", event.path("id"));
        return known != null;
    }

    private Outcome outcome(JsonNode event) {
        JsonNode unit = event.path("unit");
        JsonNode value = event.path("value");
        Refusal.unless(value.isMissingNode() || value.isNumber() || value.isNull(), "value", "must be a number", value);
        return new Outcome(
                text(event, "id"),
                place.project(),
                place.environment(),
                unit.isMissingNode() || unit.isNull() ? null : unit(unit, Unit.USER),
                text(event, "event"),
                value.isNumber() ? value.doubleValue() : null,
                object(event, "properties"),
                optionalText(event, "flag"),
                optionalText(event, "variant"),
                at(event),
                SOURCE);
    }

    private Reading exposure(JsonNode event) {
        FlagRef ref = new FlagRef(place.project(), place.environment(), text(event, "flag"));
        ServedFlag flag = snapshot.flag(ref);
        FlagDefinition definition = flag == null ? null : flag.definition();
        if (flag == null || definition == null) {
            throw new Refusal("flag", "must be a flag of this project and environment", event.get("flag"));
        }
        Unit unit = unit(event.path("unit"), definition.bucketBy());
        Refusal.unless(
                unit.kind().equals(definition.bucketBy()),
                "unit.kind",
                "must be " + definition.bucketBy() + ", which the flag hashes",
                unit.kind());
        boolean stated = event.hasNonNull("epoch") || event.hasNonNull("allocation") || event.hasNonNull("clause");
        return stated ? stated(event, flag, unit) : evaluated(event, flag, unit);
    }

    private Reading stated(JsonNode event, ServedFlag flag, Unit unit) {
        JsonNode epoch = event.path("epoch");
        Refusal.unless(mayState, "epoch", "may be stated with a server, events or admin key only", epoch);
        RolloutState rollout = flag.rollout();
        boolean known = rollout != null && epoch.isInt() && rollout.epoch() == epoch.intValue();
        Refusal.unless(known, "epoch", "must be the flag's present rollout", epoch);
        RolloutState of = Refusal.present(rollout, "epoch");
        JsonNode number = event.path("allocation");
        Allocation allocation = of.allocation(number.isInt() ? number.intValue() : NONE)
                .orElseThrow(() -> new Refusal("allocation", "must be one of the rollout's", number));
        Clause clause = event.hasNonNull("clause") ? clause(allocation, event.path("clause")) : null;
        String variant = text(event, "variant");
        Plan plan = Refusal.present(of.plan(), "epoch");
        Refusal.unless(
                clause == null || isArm(plan, clause, variant),
                "variant",
                "must be control or a treatment that the clause serves",
                event.path("variant"));
        Double share = clause == null ? null : clause.percent() / PERCENT;
        return new Reading.Exposed(
                draft(event, flag, unit, variant)
                        .in(of, allocation.number(), clause == null ? null : clause.id(), share, null),
                true);
    }

    private static boolean isArm(Plan plan, Clause clause, String variant) {
        return plan.control().equals(variant)
                ? clause.percent() < PERCENT
                : clause.percent() > 0 && plan.treatments().contains(variant);
    }

    private static Clause clause(Allocation allocation, JsonNode id) {
        return allocation
                .clause(id.asText())
                .orElseThrow(() -> new Refusal("clause", "must be one of the allocation's", id));
    }

    private Reading evaluated(JsonNode event, ServedFlag flag, Unit unit) {
        EvaluationContext context = EvaluationContext.of(unit, object(event, "properties"), now);
        return draft(event, flag, unit, text(event, "variant")).by(flag, Evaluator.evaluate(flag, snapshot, context));
    }

    private ExposureDraft draft(JsonNode event, ServedFlag flag, Unit unit, String variant) {
        return new ExposureDraft(text(event, "id"), flag.ref(), unit, variant, at(event), SOURCE, name -> {
            JsonNode stated = event.path("dimensions").get(name);
            return stated == null ? event.path("properties").get(name) : stated;
        });
    }

    private static Unit unit(JsonNode unit, String kind) {
        if (unit.isTextual()) {
            return new Unit(kind, unit.textValue());
        }
        Refusal.unless(unit.isObject(), "unit", "must be a string, or an object with kind and id", unit);
        return new Unit(text(unit, "kind", "unit.kind"), text(unit, "id", "unit.id"));
    }

    private Instant at(JsonNode event) {
        JsonNode at = event.path("at");
        if (at.isMissingNode() || at.isNull()) {
            return now;
        }
        Instant stated = instant(at);
        Refusal.unless(!stated.isBefore(now.minus(OLDEST)), "at", "must not be older than 7 days", at);
        return stated.isAfter(now) ? now : stated;
    }

    private static Instant instant(JsonNode at) {
        try {
            return IsoInstant.parse(at.asText());
        } catch (DateTimeException e) {
            throw new Refusal("at", "must be an ISO-8601 time with an offset", at);
        }
    }

    private static String text(JsonNode event, String field) {
        return text(event, field, field);
    }

    private static String text(JsonNode object, String name, String field) {
        JsonNode value = object.path(name);
        Refusal.unless(
                value.isTextual() && !value.textValue().isBlank(), field, "must be a string that is not blank", value);
        Refusal.unless(
                value.textValue().length() <= MAX_TEXT, field, "must have at most " + MAX_TEXT + " characters", value);
        return value.textValue();
    }

    private static @Nullable String optionalText(JsonNode event, String field) {
        return event.hasNonNull(field) ? text(event, field) : null;
    }

    private static Map<String, JsonNode> object(JsonNode event, String field) {
        JsonNode value = event.hasNonNull(field) ? event.get(field) : MissingNode.getInstance();
        Refusal.unless(value.isObject() || value.isMissingNode(), field, "must be a JSON object", value);
        int weight = weight(value);
        Refusal.unless(weight <= MAX_WEIGHT, field, "must have at most " + MAX_WEIGHT + " characters", weight);
        return value.properties().stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** About how many characters the value takes: a record that Kafka refuses would be sent again for ever. */
    private static int weight(JsonNode value) {
        int weight = value.isTextual() ? value.textValue().length() : SCALAR;
        for (Map.Entry<String, JsonNode> each : value.properties()) {
            weight += each.getKey().length() + weight(each.getValue());
        }
        if (value.isArray()) {
            for (JsonNode each : value) {
                weight += weight(each);
            }
        }
        return weight;
    }
}
