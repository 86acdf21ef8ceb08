// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.planning;

import java.time.Duration;
import java.util.List;

import dev.belay.contracts.rollouts.Guardrail;
import org.jspecify.annotations.Nullable;

/**
 * What a plan will cost. Numbers are means of what it takes (statistics.md §11); a rollout may need half or twice as much.
 *
 * @param stages one per stage, in order
 * @param warnings sentences about what will not go as the plan says
 * @param suggestions guardrails that the plan lacks and the traffic would allow
 */
public record Forecast(List<StageForecast> stages, List<String> warnings, List<Suggestion> suggestions) {
    public Forecast {
        stages = List.copyOf(stages);
        warnings = List.copyOf(warnings);
        suggestions = List.copyOf(suggestions);
    }

    /** Whether a guardrail can be judged in a stage. */
    public enum Judged {
        /** Before the stage's shortest time is over. */
        IN_TIME,
        /** Later: the stage will wait, or be over before harm could be seen. */
        LATE,
        /** Never at this traffic. */
        NEVER,
        /** Nobody is compared in the stage. */
        NOT_APPLICABLE,
        /** Something about the traffic is not known. */
        UNKNOWN
    }

    /**
     * A stage.
     *
     * @param stage its name
     * @param atLeast shortest time in it
     * @param compared its clauses with both arms
     * @param treatedPerHour units an hour that get one of the treatments and are compared; null when not known
     * @param hours about how long it will last; null when not known or for ever
     * @param guardrails one per guardrail of the plan
     */
    public record StageForecast(
            String stage,
            Duration atLeast,
            List<ComparedClause> compared,
            @Nullable Double treatedPerHour,
            @Nullable Double hours,
            List<GuardrailForecast> guardrails) {
        public StageForecast {
            compared = List.copyOf(compared);
            guardrails = List.copyOf(guardrails);
        }
    }

    /**
     * A clause that is compared.
     *
     * @param clause its id
     * @param treated share of its units that get one of the treatments, 0 to 1
     * @param share share of that treatment among it and control, 0 to 1
     * @param unitsPerHour units an hour that it admits; null when not known
     */
    public record ComparedClause(
            String clause,
            double treated,
            double share,
            @Nullable Double unitsPerHour) {}

    /**
     * A guardrail in a stage.
     *
     * @param guardrail its name
     * @param metric name of its metric
     * @param judged whether it can be judged
     * @param treatedToBreach treated units until harm of the limit is proven; null when not known
     * @param hoursToBreach hours until then; null when not known
     * @param treatedToHealthy treated units until an unchanged metric is proven healthy; null when not known
     * @param hoursToHealthy hours until then; null when not known
     * @param sentence all of it for people
     */
    public record GuardrailForecast(
            String guardrail,
            String metric,
            Judged judged,
            @Nullable Long treatedToBreach,
            @Nullable Double hoursToBreach,
            @Nullable Long treatedToHealthy,
            @Nullable Double hoursToHealthy,
            String sentence) {}

    /**
     * A guardrail that the plan lacks.
     *
     * @param metric name of the metric
     * @param limit what should not be crossed
     * @param threshold by what fraction
     * @param rate share of control's units that count
     * @param stage name of the first stage in which it would be judged in time; null when it is late in all
     * @param treatedToHealthy treated units until an unchanged metric is proven healthy in the largest stage
     * @param sentence all of it for people
     */
    public record Suggestion(
            String metric,
            Guardrail.Limit limit,
            double threshold,
            double rate,
            @Nullable String stage,
            @Nullable Long treatedToHealthy,
            String sentence) {}
}
