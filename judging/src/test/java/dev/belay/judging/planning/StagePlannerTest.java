// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.planning;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import dev.belay.contracts.metrics.MetricDefinition;
import dev.belay.contracts.metrics.MetricKind;
import dev.belay.contracts.rollouts.AdvanceMode;
import dev.belay.contracts.rollouts.Audience;
import dev.belay.contracts.rollouts.Guardrail;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.rollouts.Stage;
import dev.belay.judging.attribution.Given;
import dev.belay.judging.planning.Forecast.GuardrailForecast;
import dev.belay.judging.planning.Forecast.Judged;
import dev.belay.statistics.Direction;
import dev.belay.statistics.Planner;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

class StagePlannerTest {
    private static final Map<String, Traffic.Level> TEN_PERCENT =
            Map.of("conversion", Traffic.Level.ofRate(0.10), "errors", Traffic.Level.ofRate(0.02));

    private static Stage stage(String name, Audience to, Double control, Duration atLeast, AdvanceMode mode) {
        return new Stage(name, to, control, atLeast, null, mode, null, null);
    }

    private static Plan plan(Stage... stages) {
        return Given.plan(List.of(stages), Given.falls("conversion", "conversion", 0.2));
    }

    private static Stage percent(double percent, Duration atLeast) {
        return stage("p" + (int) percent, Audience.percent(percent), null, atLeast, AdvanceMode.PROVEN);
    }

    private static Forecast forecast(Plan plan, Traffic traffic) {
        return StagePlanner.of(plan, traffic, List.of());
    }

    private static Traffic rest(double perHour) {
        return new Traffic(Map.of("rest", perHour), TEN_PERCENT);
    }

    private static GuardrailForecast only(Forecast forecast, int stage) {
        return forecast.stages().get(stage).guardrails().get(0);
    }

    @Test
    void aStageNeedsWhatTheBoundOfItsShareSays() {
        GuardrailForecast forecast = only(forecast(plan(percent(50, Duration.ofHours(10))), rest(1_000)), 0);

        double breach = new Planner(0.10, 0.5).unitsToBreach(0.8, 1, Plan.ALPHA, 1);
        double healthy = new Planner(0.10, 0.5).unitsToHealthy(Direction.DROP, 0.2, Plan.BETA);
        assertThat(forecast.treatedToBreach()).isEqualTo((long) Math.ceil(breach));
        assertThat(forecast.treatedToHealthy()).isEqualTo((long) Math.ceil(healthy));
        assertThat(forecast.hoursToHealthy()).isCloseTo(healthy / 500, within(1e-9));
        assertThat(forecast.judged()).isEqualTo(Judged.IN_TIME);
    }

    @Test
    void aStageThatEndsBeforeItsProofWaitsAndSaysHowLong() {
        Forecast forecast = forecast(plan(percent(5, Duration.ofHours(1))), rest(1_000));

        assertThat(only(forecast, 0).judged()).isEqualTo(Judged.LATE);
        assertThat(only(forecast, 0).sentence()).contains("the stage will wait", "longer than atLeast");
        assertThat(forecast.stages().get(0).hours()).isEqualTo(only(forecast, 0).hoursToHealthy());
    }

    @Test
    void moreStagesAndGuardrailsTakeMoreUnitsToABreach() {
        Plan one = plan(percent(50, Duration.ofHours(1)));
        Plan more = Given.plan(
                List.of(percent(25, Duration.ofHours(1)), percent(50, Duration.ofHours(1))),
                Given.falls("conversion", "conversion", 0.2),
                Given.rises("errors", "errors", 0.3));

        assertThat(only(forecast(more, rest(1_000)), 1).treatedToBreach())
                .isGreaterThan(only(forecast(one, rest(1_000)), 0).treatedToBreach());
    }

    @Test
    void withoutControlNobodyIsComparedAndThatIsSaid() {
        Plan plan = plan(
                stage(
                        "internal",
                        Audience.segment("internal"),
                        null,
                        Duration.ofMinutes(10),
                        AdvanceMode.NO_SIGN_OF_HARM),
                percent(50, Duration.ofHours(9)));

        Forecast forecast = forecast(plan, rest(1_000));

        assertThat(only(forecast, 0).judged()).isEqualTo(Judged.NOT_APPLICABLE);
        assertThat(forecast.warnings())
                .hasSize(1)
                .first()
                .asString()
                .contains("stage internal", "NOT_APPLICABLE", "control: 50%");
        assertThat(only(forecast, 1).judged()).isEqualTo(Judged.IN_TIME);
    }

    @Test
    void aSegmentWithControlIsComparedAtItsOwnTraffic() {
        Plan plan =
                plan(stage("beta", Audience.segment("beta"), 50.0, Duration.ofHours(1), AdvanceMode.NO_SIGN_OF_HARM));
        Traffic traffic = new Traffic(Map.of("segment:beta", 40.0, "rest", 9_000.0), TEN_PERCENT);

        Forecast forecast = forecast(plan, traffic);

        assertThat(forecast.stages().get(0).treatedPerHour()).isEqualTo(20);
        assertThat(only(forecast, 0).hoursToBreach())
                .isCloseTo(only(forecast, 0).treatedToBreach() / 20.0, within(0.1));
    }

    @Test
    void evidenceOfSeveralClausesAddsUp() {
        Stage beta = stage("beta", Audience.segment("beta"), 50.0, Duration.ofHours(1), AdvanceMode.NO_SIGN_OF_HARM);
        Stage both = stage("half", Audience.percent(50), null, Duration.ofHours(1), AdvanceMode.PROVEN);
        Plan plan = plan(beta, both);
        Traffic traffic = new Traffic(Map.of("segment:beta", 1_000.0, "rest", 1_000.0), TEN_PERCENT);

        // Beta is all treated when the next stage comes: it is compared no more.
        assertThat(forecast(plan, traffic).stages().get(1).compared())
                .extracting(Forecast.ComparedClause::clause)
                .containsExactly("rest");
    }

    @Test
    void whatNobodyDoesOrNobodyComesForIsNeverJudged() {
        Traffic nobodyDoes = new Traffic(Map.of("rest", 100.0), Map.of("conversion", Traffic.Level.ofRate(0)));
        Plan plan = plan(percent(50, Duration.ofHours(1)));

        assertThat(only(forecast(plan, nobodyDoes), 0).judged()).isEqualTo(Judged.NEVER);
        assertThat(only(forecast(plan, rest(0)), 0).judged()).isEqualTo(Judged.NEVER);
        assertThat(forecast(plan, rest(0)).warnings()).hasSize(1);
        assertThat(forecast(plan, rest(0)).stages().get(0).hours()).isNull();
    }

    @Test
    void whatIsNotKnownIsSaidAndUnitsAreGivenAllTheSame() {
        Plan plan = plan(percent(50, Duration.ofHours(1)));

        GuardrailForecast noTraffic = only(forecast(plan, new Traffic(Map.of(), TEN_PERCENT)), 0);
        assertThat(noTraffic.judged()).isEqualTo(Judged.UNKNOWN);
        assertThat(noTraffic.treatedToHealthy()).isPositive();
        assertThat(noTraffic.hoursToHealthy()).isNull();
        GuardrailForecast noRate = only(forecast(plan, new Traffic(Map.of("rest", 1.0), Map.of())), 0);
        assertThat(noRate.judged()).isEqualTo(Judged.UNKNOWN);
        assertThat(noRate.treatedToHealthy()).isNull();
    }

    @Test
    void minUsersAreWaitedForInTheSmallerArm() {
        Stage stage = new Stage(
                "canary",
                Audience.percent(5),
                null,
                Duration.ofMinutes(1),
                500L,
                AdvanceMode.NO_SIGN_OF_HARM,
                null,
                null);

        assertThat(forecast(plan(stage), rest(1_000)).stages().get(0).hours()).isCloseTo(10, within(1e-9));
    }

    @Test
    void aMetricOfTheProjectThatIsNotGuardedIsSuggested() {
        Plan plan = plan(percent(50, Duration.ofHours(200)));
        MetricDefinition errors = new MetricDefinition(
                "shop",
                "errors",
                1,
                null,
                null,
                MetricKind.RATE,
                "error",
                null,
                MetricDefinition.GoodWhen.DOWN,
                null,
                null,
                null,
                "user",
                Instant.EPOCH);

        Forecast forecast = StagePlanner.of(plan, rest(1_000), List.of(errors));

        assertThat(forecast.suggestions()).hasSize(1);
        Forecast.Suggestion suggestion = forecast.suggestions().get(0);
        assertThat(suggestion.limit()).isEqualTo(Guardrail.Limit.RISES);
        assertThat(suggestion.stage()).isEqualTo("p50");
        assertThat(suggestion.sentence()).startsWith("errors rises 30 %: 2.00 % of units do it; health takes about");
        assertThat(StagePlanner.of(plan, Traffic.UNKNOWN, List.of(errors)).suggestions())
                .isEmpty();
    }

    @Test
    void trafficOutOfRangeIsRefusedByName() {
        assertThatThrownBy(() -> new Traffic(Map.of("rest", -1.0), Map.of()))
                .hasMessage("traffic.unitsPerHour.rest must be finite and at least 0, was -1.0");
        assertThatThrownBy(() -> Traffic.Level.ofRate(1.5))
                .hasMessage("traffic.metrics.rate must lie in [0, 1], was 1.5");
    }
}
