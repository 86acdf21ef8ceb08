// SPDX-License-Identifier: Apache-2.0
package dev.belay.manifest;

import java.util.List;
import java.util.Optional;

import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.rollouts.Sensitivity;
import dev.belay.contracts.rollouts.Stage;
import dev.belay.contracts.rollouts.StageClauses;

/** Finds the stage that would take somebody out, by the rules of {@link StageClauses}. */
final class CumulativeStages {
    private CumulativeStages() {}

    /**
     * @param stage index of the stage
     * @param rule what it breaks
     * @param value what it would treat
     */
    record Refusal(int stage, String rule, String value) {}

    static Optional<Refusal> firstThatTakesOut(List<Stage> stages) {
        for (int end = 1; end <= stages.size(); end++) {
            try {
                StageClauses.requireCumulative(planOf(stages.subList(0, end)));
            } catch (IllegalArgumentException e) {
                String message = String.valueOf(e.getMessage());
                int rule = message.indexOf("must not");
                int was = message.lastIndexOf(", was ");
                return Optional.of(
                        new Refusal(end - 1, message.substring(rule, was), message.substring(was + ", was ".length())));
            }
        }
        return Optional.empty();
    }

    private static Plan planOf(List<Stage> stages) {
        return new Plan(
                null,
                null,
                null,
                "control",
                List.of("treatment"),
                stages,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                Sensitivity.BALANCED,
                List.of(),
                List.of(),
                Plan.ALPHA,
                Plan.BETA);
    }
}
