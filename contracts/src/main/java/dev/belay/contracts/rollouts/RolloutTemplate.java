// SPDX-License-Identifier: Apache-2.0
package dev.belay.contracts.rollouts;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.contracts.Require;
import org.jspecify.annotations.Nullable;

/**
 * What a PM writes once and picks from then on. A rollout starts from a copy.
 *
 * <p>Topic {@code belay.templates.v1}, keyed by {@code project/name}: the newest version. A version may stand once more, for good,
 * under {@code project/name@version}.
 *
 * @param project name of the project
 * @param name name of the template
 * @param version rises with every change, from 1; {@code name@3} names one
 * @param title for people; null when there is none
 * @param owner mentioned in alerts; null when there is none
 * @param inputs what is asked for at start, by name
 * @param stages at least one
 * @param advance what stages need unless they say otherwise
 * @param guardrails may be empty
 * @param goals metrics reported at the end, never judged
 * @param watchBy dimensions whose segments are judged too
 * @param sensitivity how much harm inside the limits is tolerated
 * @param tell names of channels
 * @param updatedAt when this version was written
 * @param locked names of parts that a rollout's plan keeps as they are copied; empty for none
 * @param defaultFor rollouts that name no template and start from this one; null for none
 * @param source the document's spec as it was written, with its inputs in place; null when inputs ask for metrics only. The
 *     other components then hold it with the inputs' defaults
 */
public record RolloutTemplate(
        String project,
        String name,
        long version,
        @Nullable String title,
        @Nullable String owner,
        Map<String, Input> inputs,
        List<Stage> stages,
        AdvancePolicy advance,
        List<TemplateGuardrail> guardrails,
        List<String> goals,
        List<String> watchBy,
        Sensitivity sensitivity,
        List<String> tell,
        Instant updatedAt,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> locked,
        @Nullable DefaultFor defaultFor,
        @Nullable JsonNode source) {

    /**
     * Something asked for at start: a metric, or a value of a type.
     *
     * @param metric the metric by default; null when one must be given, and for values
     * @param type type of a value; null for a metric
     * @param value the value by default, as written; null when one must be given, and for metrics
     */
    public record Input(
            @Nullable String metric,
            @Nullable InputType type,
            @Nullable String value) {
        /** @throws IllegalArgumentException if a metric has a value, or a value a metric */
        public Input {
            Require.that(type == null || metric == null, "input.metric", "belongs to inputs without a type", metric);
            Require.that(type != null || value == null, "input.default", "belongs to inputs with a type", value);
        }

        /** Returns an input that asks for a metric; without a default for null. */
        public static Input ofMetric(@Nullable String metric) {
            return new Input(metric, null, null);
        }
    }

    /** What an input's value is. */
    public enum InputType {
        /** {@code 20%}. */
        @JsonProperty("percent")
        PERCENT,
        /** {@code 10m}. */
        @JsonProperty("duration")
        DURATION,
        /** Name of a segment. */
        @JsonProperty("segment")
        SEGMENT,
        /** A number. */
        @JsonProperty("number")
        NUMBER
    }

    /**
     * Which rollouts start from a template though they name none.
     *
     * @param project whether those of every flag of the project
     * @param tags tags of flags; a template for a tag goes before one for the project
     */
    public record DefaultFor(boolean project, List<String> tags) {
        /** Copies the list. */
        public DefaultFor {
            tags = tags == null ? List.of() : List.copyOf(tags);
        }
    }

    /** @throws IllegalArgumentException if a part is missing */
    public RolloutTemplate {
        Require.name(project, "project");
        Require.name(name, "name");
        Require.positive(version, "version");
        inputs = inputs == null ? Map.of() : Map.copyOf(inputs);
        stages = List.copyOf(Require.notEmpty(stages, "stages"));
        Require.nonNull(advance, "advance");
        guardrails = guardrails == null ? List.of() : List.copyOf(guardrails);
        goals = goals == null ? List.of() : List.copyOf(goals);
        watchBy = watchBy == null ? List.of() : List.copyOf(watchBy);
        sensitivity = sensitivity == null ? Sensitivity.BALANCED : sensitivity;
        tell = tell == null ? List.of() : List.copyOf(tell);
        Require.nonNull(updatedAt, "updatedAt");
        locked = locked == null ? List.of() : List.copyOf(locked);
    }

    /** Returns the key of the record that keeps a version for good. */
    public static String keyOf(String project, String name, long version) {
        return project + "/" + name + "@" + version;
    }

    /** Returns the key of the record. */
    @JsonIgnore
    public String key() {
        return project + "/" + name;
    }
}
