// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge.posthog;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.belay.contracts.FlagRef;
import dev.belay.contracts.Json;
import dev.belay.contracts.Unit;
import dev.belay.contracts.events.Outcome;
import dev.belay.contracts.flags.FlagDefinition;
import dev.belay.edge.Place;
import dev.belay.edge.events.ExposureDraft;
import dev.belay.edge.events.Reading;
import dev.belay.edge.events.Refusal;
import dev.belay.edge.posthog.PosthogReading.Belonging;
import dev.belay.edge.signals.FlagTag;
import dev.belay.edge.signals.SafeProperties;
import dev.belay.edge.signals.Variants;
import dev.belay.evaluation.EvaluationContext;
import dev.belay.evaluation.Evaluator;
import dev.belay.evaluation.ServedFlag;
import dev.belay.evaluation.Snapshot;
import org.jspecify.annotations.Nullable;

/**
 * Turns events of PostHog's clients into exposures and outcomes: {@code $feature_flag_called} says that a person saw a
 * decision, everything else that something happened.
 *
 * <p>One reader reads one request. Not thread-safe.
 */
final class PosthogReader {
    static final String SOURCE = "posthog";

    private static final String CALLED = "$feature_flag_called";
    private static final String EXCEPTION = "$exception";
    private static final String FEATURE = "$feature/";
    private static final String DEVICE = "device";
    private static final int MAX_UNIT = 200;
    private static final int MAX_NAME = 200;
    private static final int ID_BYTES = 16;

    /** What a client says anew each time it sends the event. */
    private static final List<String> TOLD_ANEW = List.of("sent_at", "sentAt", "offset");

    private final Place place;
    private final Snapshot snapshot;
    private final FirstSight sight;
    private final @Nullable Instant sentAt;
    private final Instant now;
    private final Set<String> seen = new HashSet<>();

    /**
     * @param sight tells new units from those seen before
     * @param sentAt when the request was sent, by the client's clock; null when it does not say
     * @param now the edge's time; no event is later
     */
    PosthogReader(Place place, Snapshot snapshot, FirstSight sight, @Nullable Instant sentAt, Instant now) {
        this.place = place;
        this.snapshot = snapshot;
        this.sight = sight;
        this.sentAt = sentAt;
        this.now = now;
    }

    /** Never throws: what is wrong with one event is no matter of the others. */
    PosthogReading read(JsonNode event) {
        try {
            return of(event);
        } catch (Refusal e) {
            return new PosthogReading.Refused(e.field() + " " + e.rule());
        } catch (IllegalArgumentException e) {
            Refusal refusal = Refusal.of(e);
            return new PosthogReading.Refused(refusal.field() + " " + refusal.rule());
        }
    }

    private PosthogReading of(JsonNode event) {
        Refusal.unless(event.isObject(), "event", "must be a JSON object", null);
        JsonNode name = event.path("event");
        Refusal.unless(
                name.isTextual()
                        && !name.textValue().isBlank()
                        && name.textValue().length() <= MAX_NAME,
                "event",
                "must be a name of 1 to " + MAX_NAME + " characters",
                null);
        JsonNode properties = event.path("properties");
        String person = person(event, properties);
        Instant at = PosthogTime.of(event, sentAt, now);
        String id = id(event, properties);
        boolean called = name.textValue().equals(CALLED);
        if (seen.contains(id)) {
            return new PosthogReading.Ignored("repeated");
        }
        PosthogReading read = called
                ? exposure(id, person, event, properties, at)
                : new PosthogReading.Happened(outcome(id, name.textValue(), person, properties, at));
        seen.add(id);
        return read;
    }

    private PosthogReading exposure(String id, String person, JsonNode event, JsonNode properties, Instant at) {
        JsonNode key = properties.path("$feature_flag");
        JsonNode response = properties.path("$feature_flag_response");
        Refusal.unless(key.isTextual(), "$feature_flag", "must be a text", null);
        if (response.isMissingNode() || response.isNull()) {
            return new PosthogReading.Ignored("no-answer");
        }
        ServedFlag flag = find(key.textValue());
        FlagDefinition definition = flag == null ? null : flag.definition();
        if (flag == null || definition == null) {
            return new PosthogReading.Ignored("unknown-flag");
        }
        String variant = Variants.keyOf(definition, response);
        if (variant == null) {
            throw new Refusal("$feature_flag_response", "must be a variant of the flag, or its value", null);
        }
        Unit unit = unit(definition.bucketBy(), person, properties);
        EvaluationContext context = new EvaluationContext(person, attributes(event, properties), now);
        ExposureDraft draft = new ExposureDraft(id, flag.ref(), unit, variant, at, SOURCE, context::attribute);
        if (!sight.isFirst(flag.ref(), unit)) {
            return new PosthogReading.Exposed(draft.unattributed(), Belonging.RETURNING);
        }
        Reading.Exposed exposed = draft.by(flag, Evaluator.evaluate(flag, snapshot, context));
        return new PosthogReading.Exposed(
                exposed.exposure(), exposed.attributed() ? Belonging.KNOWN : Belonging.UNATTRIBUTED);
    }

    private Outcome outcome(String id, String name, String person, JsonNode properties, Instant at) {
        FlagTag tag = FlagTag.of(place, snapshot, features(properties));
        return new Outcome(
                id,
                place.project(),
                place.environment(),
                Unit.user(person),
                name,
                value(properties),
                kept(name, properties),
                tag == null ? null : tag.flag(),
                tag == null ? null : tag.variant(),
                at,
                SOURCE);
    }

    private @Nullable ServedFlag find(String flag) {
        try {
            return snapshot.flag(new FlagRef(place.project(), place.environment(), flag));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static Unit unit(String kind, String person, JsonNode properties) {
        if (kind.equals(Unit.USER)) {
            return Unit.user(person);
        }
        JsonNode id = kind.equals(DEVICE)
                ? properties.path("$device_id")
                : properties.path("$groups").path(kind);
        Refusal.unless(
                id.isValueNode() && !id.asText().isBlank(),
                "$groups",
                "must name the " + kind + " that the flag hashes",
                null);
        return new Unit(kind, cut(id.asText()));
    }

    /** What the event says of the person: first what it sets, then its own properties, then groups and device. */
    private static Map<String, JsonNode> attributes(JsonNode event, JsonNode properties) {
        Map<String, JsonNode> found = new LinkedHashMap<>();
        for (JsonNode each : new JsonNode[] {
            properties.path("$set"), event.path("$set"), properties.path("$set_once"), event.path("$set_once")
        }) {
            each.properties().forEach(property -> found.putIfAbsent(property.getKey(), property.getValue()));
        }
        properties.properties().stream()
                .filter(property -> isOwn(property.getKey()))
                .forEach(property -> found.putIfAbsent(property.getKey(), property.getValue()));
        properties.path("$groups").properties().forEach(group -> found.putIfAbsent(group.getKey(), group.getValue()));
        if (properties.hasNonNull("$device_id")) {
            found.putIfAbsent(DEVICE, properties.get("$device_id"));
        }
        return found;
    }

    private static Map<String, JsonNode> kept(String name, JsonNode properties) {
        SafeProperties kept = new SafeProperties();
        if (name.equals(EXCEPTION)) {
            JsonNode first = properties.path("$exception_list").path(0);
            kept.with("level", properties.path("$exception_level"));
            kept.with("type", first.path("type").isTextual() ? first.path("type") : properties.path("$exception_type"));
            kept.with("handled", first.path("mechanism").path("handled"));
        }
        for (Map.Entry<String, JsonNode> each : properties.properties()) {
            if (isOwn(each.getKey()) || each.getKey().startsWith(FEATURE)) {
                kept.with(each.getKey(), each.getValue());
            }
        }
        return kept.kept();
    }

    private static Map<String, JsonNode> features(JsonNode properties) {
        Map<String, JsonNode> found = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> each : properties.properties()) {
            if (each.getKey().startsWith(FEATURE)) {
                found.put(each.getKey().substring(FEATURE.length()), each.getValue());
            }
        }
        return found;
    }

    /** What begins with a dollar sign is the client's, the token is a key, and who it was is the unit. */
    private static boolean isOwn(String property) {
        return !property.startsWith("$") && !property.equals("token") && !property.equals("distinct_id");
    }

    private static @Nullable Double value(JsonNode properties) {
        for (String name : new String[] {"$value", "value", "revenue"}) {
            JsonNode value = properties.path(name);
            if (value.isNumber() && Double.isFinite(value.doubleValue())) {
                return value.doubleValue();
            }
        }
        return null;
    }

    private static String person(JsonNode event, JsonNode properties) {
        for (JsonNode each :
                new JsonNode[] {event.path("distinct_id"), event.path("$distinct_id"), properties.path("distinct_id")
                }) {
            if (!each.isMissingNode()
                    && !each.isNull()
                    && !each.asText(each.toString()).isBlank()) {
                return cut(each.isValueNode() ? each.asText() : each.toString());
            }
        }
        throw new Refusal("distinct_id", "is required", null);
    }

    /** PostHog cuts ids at 200 characters. */
    private static String cut(String id) {
        String clean = id.strip();
        return clean.codePointCount(0, clean.length()) <= MAX_UNIT && clean.length() <= MAX_UNIT
                ? clean
                : clean.substring(0, Character.isHighSurrogate(clean.charAt(MAX_UNIT - 1)) ? MAX_UNIT - 1 : MAX_UNIT);
    }

    /** Without an id of its own an event is known by its content: sent again it is the same one. */
    private static String id(JsonNode event, JsonNode properties) {
        for (JsonNode each : new JsonNode[] {event.path("uuid"), properties.path("$insert_id")}) {
            if (each.isTextual()
                    && !each.textValue().isBlank()
                    && each.textValue().length() <= MAX_NAME) {
                return each.textValue();
            }
        }
        return SOURCE + "-" + hash(event);
    }

    private static String hash(JsonNode event) {
        try {
            ObjectNode same = event.<ObjectNode>deepCopy().without(TOLD_ANEW);
            byte[] content = Json.write(same).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content), 0, ID_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
