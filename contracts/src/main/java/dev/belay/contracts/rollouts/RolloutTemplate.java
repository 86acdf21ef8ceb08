// SPDX-License-Identifier: Apache-2.0
package dev.belay.contracts.rollouts;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.belay.contracts.Require;
import org.jspecify.annotations.Nullable;

/**
 * What a PM writes once and picks from then on. A rollout starts from a copy.
 *
 * <p>Topic {@code belay.templates.v1}, keyed by {@code project/name}.
 *
 * @param project name of the project
 * @param name name of the template
 * @param version rises with every change, from 1; {@code name@3} names one
 * @param title for people; null when there is none
 * @param owner mentioned in alerts; null when there is none
 * @param inputs metrics asked for at start, by input name, with their default; null values have no default
 * @param stages at least one
 * @param advance what stages need unless they say otherwise
 * @param guardrails may be empty
 * @param goals metrics reported at the end, never judged
 * @param watchBy dimensions whose segments are judged too
 * @param sensitivity how much harm inside the limits is tolerated
 * @param tell names of channels
 * @param updatedAt when this version was written
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
        Instant updatedAt) {

    /**
     * A metric asked for at start.
     *
     * @param metric the default; null when one must be given
     */
    public record Input(@Nullable String metric) {}

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
    }

    /** Returns the key of the record. */
    @JsonIgnore
    public String key() {
        return project + "/" + name;
    }
}
