// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts.planning;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import dev.belay.contracts.Actor;
import dev.belay.contracts.FlagRef;
import dev.belay.contracts.rollouts.AdvanceMode;
import dev.belay.contracts.rollouts.Allocation;
import dev.belay.contracts.rollouts.Audience;
import dev.belay.contracts.rollouts.Clause;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.rollouts.RolloutStatus;
import dev.belay.contracts.rollouts.Sensitivity;
import dev.belay.contracts.rollouts.Stage;
import dev.belay.contracts.verdicts.Counts;
import dev.belay.contracts.verdicts.Estimate;
import dev.belay.contracts.verdicts.Evidence;
import dev.belay.contracts.verdicts.StratumCounts;
import dev.belay.judging.planning.Traffic;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RecentTrafficTest {
    private static final FlagRef FLAG = new FlagRef("shop", "production", "new-checkout");
    private static final Instant START = Instant.parse("2026-03-02T09:00:00Z");
    private static final RolloutState ROLLOUT = rollout(
            new Allocation(1, 0, List.of(Clause.ofSegment("beta", 50), Clause.ofRest(5)), START),
            new Allocation(
                    2, 0, List.of(Clause.ofSegment("beta", 50), Clause.ofRest(25)), START.plus(Duration.ofHours(1))));

    private static RolloutState rollout(Allocation... allocations) {
        Stage stage = new Stage(
                "canary", Audience.percent(5), null, Duration.ofHours(1), null, AdvanceMode.PROVEN, null, null);
        Plan plan = new Plan(
                null,
                null,
                null,
                "off",
                List.of("on"),
                List.of(stage),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                Sensitivity.BALANCED,
                List.of(),
                List.of(),
                Plan.ALPHA,
                Plan.BETA);
        return new RolloutState(
                "shop",
                "production",
                "new-checkout",
                3,
                1,
                RolloutStatus.RUNNING,
                plan,
                List.of(allocations),
                START,
                null,
                false,
                Actor.person("ada"),
                "as it is",
                START,
                START);
    }

    private static Evidence evidence(
            int epoch, String metric, String segment, Counts control, StratumCounts... strata) {
        return new Evidence(
                "shop",
                "production",
                "new-checkout",
                epoch,
                0,
                metric,
                metric,
                "on",
                segment,
                control,
                new Counts(0, 0),
                List.of(strata),
                Map.of(),
                Estimate.UNKNOWN,
                List.of(),
                null,
                4.6,
                0,
                3,
                1,
                START.plus(Duration.ofHours(3)));
    }

    private static StratumCounts stratum(int allocation, String clause, long control, long treatment) {
        return new StratumCounts(allocation, clause, new Counts(control, 0), new Counts(treatment, 0));
    }

    @Test
    void unitsOfAClauseAreThoseOfItsAllocationsByTheirHours() {
        Traffic traffic = RecentTraffic.of(
                List.of(evidence(
                        3,
                        "conversion",
                        null,
                        new Counts(4_000, 400),
                        stratum(1, "rest", 950, 50),
                        stratum(2, "rest", 1_500, 500),
                        stratum(1, "segment:beta", 30, 30))),
                FLAG,
                ROLLOUT);

        assertThat(traffic.unitsPerHour()).isEqualTo(Map.of("rest", 1_000.0, "segment:beta", 60.0));
    }

    @Test
    void ratesAreThoseOfTheEvidenceThatMostUnitsTellOf() {
        Traffic traffic = RecentTraffic.of(
                List.of(
                        evidence(1, "conversion", null, new Counts(100, 50)),
                        evidence(2, "conversion", null, new Counts(1_000, 100)),
                        evidence(2, "conversion", "country=GB", new Counts(9_000, 9_000)),
                        evidence(2, "errors", null, new Counts(0, 0))),
                FLAG,
                ROLLOUT);

        assertThat(traffic.metrics()).isEqualTo(Map.of("conversion", Traffic.Level.ofRate(0.1)));
        assertThat(traffic.unitsPerHour()).isEmpty();
    }

    @Test
    void withoutARolloutOnlyRatesAreKnown() {
        assertThat(RecentTraffic.of(List.of(evidence(1, "conversion", null, new Counts(10, 1))), null, null)
                        .unitsPerHour())
                .isEmpty();
        assertThat(RecentTraffic.of(List.of(), FLAG, ROLLOUT)).isEqualTo(Traffic.UNKNOWN);
    }
}
