// SPDX-License-Identifier: Apache-2.0
package dev.belay.contracts.rollouts;

import dev.belay.contracts.Require;
import org.jspecify.annotations.Nullable;

/**
 * A guardrail of a template: its metric is named, or asked for at start.
 *
 * @param input name of the input that gives the metric; null when the metric is named
 * @param guardrail the guardrail; its metric is a placeholder when there is an input
 */
public record TemplateGuardrail(@Nullable String input, Guardrail guardrail) {
    /** @throws IllegalArgumentException if the guardrail is missing */
    public TemplateGuardrail {
        Require.nonNull(guardrail, "guardrail");
    }
}
