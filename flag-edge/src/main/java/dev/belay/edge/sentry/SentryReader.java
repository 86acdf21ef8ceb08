// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge.sentry;

import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.belay.contracts.Unit;
import dev.belay.contracts.events.Outcome;
import dev.belay.edge.Place;
import dev.belay.edge.events.Refusal;
import dev.belay.edge.signals.FlagTag;
import dev.belay.edge.signals.SafeProperties;
import dev.belay.edge.signals.SignalTime;
import dev.belay.evaluation.Snapshot;
import org.jspecify.annotations.Nullable;

/** Turns an error that Sentry reports into an outcome. Keeps neither its message nor its stack, where people's data may be. */
final class SentryReader {
    /** Name of the outcomes, for metrics. */
    static final String EVENT = "sentry-error";

    static final String SOURCE = "sentry";

    private static final String UNIT = "belay.unit";
    private static final String UNIT_KIND = "belay.unit.kind";
    private static final String FLAG = "belay.flag.";
    private static final int MAX_ID = 200;
    private static final long SECOND = 1_000;

    private final SentrySource from;
    private final Snapshot snapshot;
    private final Instant now;

    /** @param now the edge's time; no error is later */
    SentryReader(SentrySource from, Snapshot snapshot, Instant now) {
        this.from = from;
        this.snapshot = snapshot;
        this.now = now;
    }

    /** Returns whether the error happened in the environment that the source is about. One that names none did. */
    boolean isAbout(JsonNode error) {
        JsonNode stated = error.path("environment");
        String environment =
                stated.isTextual() ? stated.textValue() : tags(error).get("environment");
        return environment == null || environment.isBlank() || environment.equals(from.environment());
    }

    /**
     * Reads an error, as {@code data.error} or {@code data.event} has it.
     *
     * @throws Refusal if it has no usable id, unit or time
     */
    Outcome read(JsonNode error) {
        JsonNode id = error.path("event_id");
        Refusal.unless(
                id.isTextual() && !id.textValue().isBlank() && id.textValue().length() <= MAX_ID,
                "event_id",
                "must be a text of 1 to " + MAX_ID + " characters",
                null);
        Map<String, String> tags = tags(error);
        Map<String, JsonNode> flags = flags(error, tags);
        Place place = from.place();
        FlagTag tag = FlagTag.of(place, snapshot, flags);
        return new Outcome(
                id.textValue(),
                place.project(),
                place.environment(),
                unit(error, tags),
                EVENT,
                null,
                properties(error, flags),
                tag == null ? null : tag.flag(),
                tag == null ? null : tag.variant(),
                at(error),
                SOURCE);
    }

    /** Returns the tagged unit, else Sentry's user; null when the error names neither: then counters count it. */
    private static @Nullable Unit unit(JsonNode error, Map<String, String> tags) {
        String tagged = tags.get(UNIT);
        if (tagged != null && !tagged.isBlank()) {
            return new Unit(tags.getOrDefault(UNIT_KIND, Unit.USER), tagged);
        }
        JsonNode user = error.path("user").path("id");
        return user.isValueNode() && !user.isNull() && !user.asText().isBlank() ? Unit.user(user.asText()) : null;
    }

    private static Map<String, JsonNode> flags(JsonNode error, Map<String, String> tags) {
        Map<String, JsonNode> found = new HashMap<>();
        for (JsonNode each : error.path("contexts").path("flags").path("values")) {
            JsonNode flag = each.path("flag");
            if (flag.isTextual() && each.path("result").isValueNode()) {
                found.put(flag.textValue(), each.path("result"));
            }
        }
        tags.forEach((name, value) -> {
            if (name.startsWith(FLAG) && name.length() > FLAG.length()) {
                found.put(name.substring(FLAG.length()), TextNode.valueOf(value));
            }
        });
        return found;
    }

    private static Map<String, JsonNode> properties(JsonNode error, Map<String, JsonNode> flags) {
        JsonNode exceptions = error.path("exception").path("values");
        JsonNode last = exceptions.path(exceptions.size() - 1);
        SafeProperties kept = new SafeProperties()
                .with("level", error.path("level"))
                .with(
                        "type",
                        last.path("type").isTextual()
                                ? last.path("type")
                                : error.path("metadata").path("type"))
                .with("handled", last.path("mechanism").path("handled"))
                .with("platform", error.path("platform"))
                .with("release", error.path("release"))
                .with("sentryProject", error.path("project"));
        flags.forEach((flag, value) -> kept.with(FLAG + flag, value));
        return kept.kept();
    }

    /** Sentry writes tags as pairs; some of its pages show objects. */
    private static Map<String, String> tags(JsonNode error) {
        JsonNode tags = error.path("tags");
        Map<String, String> found = new LinkedHashMap<>();
        if (tags.isObject()) {
            tags.properties()
                    .forEach(tag -> found.put(tag.getKey(), tag.getValue().asText()));
        }
        for (JsonNode tag : tags) {
            if (tag.isArray() && tag.size() == 2) {
                found.put(tag.path(0).asText(), tag.path(1).asText());
            } else if (tag.isObject() && tag.hasNonNull("key")) {
                found.put(tag.path("key").asText(), tag.path("value").asText());
            }
        }
        return found;
    }

    private Instant at(JsonNode error) {
        JsonNode seconds = error.path("timestamp");
        Instant at = seconds.isNumber() ? ofSeconds(seconds.doubleValue()) : SignalTime.parse(seconds.asText(null));
        at = at == null ? SignalTime.parse(error.path("datetime").asText(null)) : at;
        return at == null ? now : SignalTime.clamped(at, now, "timestamp");
    }

    private @Nullable Instant ofSeconds(double seconds) {
        return Math.abs(seconds) < Integer.MAX_VALUE * 2.0 ? Instant.ofEpochMilli((long) (seconds * SECOND)) : null;
    }
}
