// SPDX-License-Identifier: Apache-2.0
package dev.belay.manifest;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.contracts.rollouts.AdvancePolicy;
import dev.belay.contracts.rollouts.RolloutTemplate;
import dev.belay.contracts.rollouts.RolloutTemplate.DefaultFor;
import dev.belay.contracts.rollouts.Sensitivity;
import dev.belay.contracts.rollouts.Stage;
import dev.belay.contracts.rollouts.TemplateGuardrail;
import org.jspecify.annotations.Nullable;

/** A rollout template as written; the components mean what they mean in {@link RolloutTemplate}. */
public record TemplateDocument(
        String project,
        String name,
        @Nullable String title,
        @Nullable String owner,
        Map<String, RolloutTemplate.Input> inputs,
        List<Stage> stages,
        AdvancePolicy advance,
        List<TemplateGuardrail> guardrails,
        List<String> goals,
        List<String> watchBy,
        Sensitivity sensitivity,
        List<String> tell,
        List<String> locked,
        @Nullable DefaultFor defaultFor,
        @Nullable JsonNode source)
        implements Document {
    public TemplateDocument {
        inputs = Map.copyOf(inputs);
        stages = List.copyOf(stages);
        guardrails = List.copyOf(guardrails);
        goals = List.copyOf(goals);
        watchBy = List.copyOf(watchBy);
        tell = List.copyOf(tell);
        locked = List.copyOf(locked);
    }

    @Override
    public Kind kind() {
        return Kind.TEMPLATE;
    }

    public RolloutTemplate toDefinition(long version, Instant at) {
        return new RolloutTemplate(
                project,
                name,
                version,
                title,
                owner,
                inputs,
                stages,
                advance,
                guardrails,
                goals,
                watchBy,
                sensitivity,
                tell,
                at,
                locked,
                defaultFor,
                source);
    }
}
