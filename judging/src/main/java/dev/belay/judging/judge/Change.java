// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.judge;

import org.jspecify.annotations.Nullable;

/**
 * A finished rollout does other than it did while it was judged. For alerts only.
 *
 * @param variant treatment
 * @param guardrail name of the guardrail
 * @param segment {@code dimension=value} where it does; null for everyone
 * @param usual ratio of treatment to control that was still usual
 * @param logEvidence logarithm of the detector
 * @param logLimit what it had to reach
 */
public record Change(
        String variant,
        String guardrail,
        @Nullable String segment,
        double usual,
        double logEvidence,
        double logLimit) {}
