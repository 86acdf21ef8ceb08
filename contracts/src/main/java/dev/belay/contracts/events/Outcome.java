// SPDX-License-Identifier: Apache-2.0
package dev.belay.contracts.events;

import java.time.Instant;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.contracts.Require;
import dev.belay.contracts.Unit;
import org.jspecify.annotations.Nullable;

/**
 * A unit did something, or something happened to it.
 *
 * <p>Topic {@code belay.outcomes.v1}, keyed by the unit, or by {@code event:id} when no unit is known.
 *
 * @param id identifies the event; a redelivery carries the same id
 * @param project name of the project
 * @param environment name of the environment
 * @param unit who did it; null when unknown, which only counters can use
 * @param event name of the event, for instance {@code purchase}
 * @param value a finite number, for instance an amount; null when there is none
 * @param properties further properties
 * @param flag key of the flag the sender tagged it with; null when none
 * @param variant variant the sender tagged it with; null when none
 * @param at when it happened, by the sender's clock and not after the edge's
 * @param source what reported it, for instance {@code events}
 */
public record Outcome(
        String id,
        String project,
        String environment,
        @Nullable Unit unit,
        String event,
        @Nullable Double value,
        Map<String, JsonNode> properties,
        @Nullable String flag,
        @Nullable String variant,
        Instant at,
        String source) {
    /** @throws IllegalArgumentException if a part is missing or not finite */
    public Outcome {
        Require.text(id, "id");
        Require.name(project, "project");
        Require.name(environment, "environment");
        Require.text(event, "event");
        Require.that(value == null || Double.isFinite(value), "value", "must be finite", value);
        properties = properties == null ? Map.of() : Map.copyOf(properties);
        Require.nonNull(at, "at");
        Require.text(source, "source");
    }

    /** Returns the key of the record. */
    public String recordKey() {
        return unit == null ? event + ":" + id : unit.key(project, environment);
    }
}
