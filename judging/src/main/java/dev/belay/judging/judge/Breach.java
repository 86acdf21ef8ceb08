// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.judge;

import dev.belay.contracts.verdicts.Counts;
import dev.belay.contracts.verdicts.Estimate;
import org.jspecify.annotations.Nullable;

/**
 * Harm is proven.
 *
 * @param guardrail name of the guardrail with the largest part in it
 * @param segment {@code dimension=value} that is harmed; null for everyone
 * @param control counts of control in the scope that found it
 * @param treatment counts of the treatment in that scope
 * @param estimate how large the change is in that scope
 * @param logEvidence logarithm of the evidence, at least that of one divided by alpha
 */
public record Breach(
        String guardrail,
        @Nullable String segment,
        Counts control,
        Counts treatment,
        Estimate estimate,
        double logEvidence) {}
