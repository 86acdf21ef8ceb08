// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

class PlannerTest {

    /** Cells of the table in statistics.md §11, printed there to four digits at most. */
    @ParameterizedTest(name = "bounds a drop of {1} at base rate {0} and share {2} by {3} treated units")
    @CsvSource({
        "0.01, 0.1, 0.01, 89000, 500",
        "0.02, 0.2, 0.50, 20300, 50",
        "0.05, 0.5, 0.10, 628, 1",
        "0.10, 1.0, 0.25, 51, 1",
        "0.30, 0.3, 0.05, 234, 1",
    })
    void knowsTheLowerBound(double baseRate, double drop, double share, double want, double slack) {
        double bound = -Math.log(0.01) / new Planner(baseRate, share).infoPerTreated(1 - drop, 1);

        assertThat(bound).isCloseTo(want, within(slack));
    }

    @ParameterizedTest(name = "adds {1} nats for a ratio of {0}")
    @CsvSource({
        "1, 1.0",
        "0.8, 1.0",
        "0.6, 1.0",
        "0.5, 1.4",
        "0.25, 1.85",
        "0, 2.3",
        "1.3, 1.0",
        "2, 1.0",
        "5, 1.6",
        "100, 1.6"
    })
    void addsWhatIgnoranceOfTheEffectCosts(double ratio, double nats) {
        assertThat(Planner.breachOverhead(ratio)).isCloseTo(nats, within(1e-12));
    }

    @Test
    void asksForMoreUnitsWhenTheMemberHasLessWeight() {
        Planner planner = new Planner(0.1, 0.5);
        double info = planner.infoPerTreated(0.8, 1);

        assertThat(planner.unitsToBreach(0.8, 1, 0.01, 1)).isCloseTo((Math.log(100) + 1) / info, within(1e-6));
        assertThat(planner.unitsToBreach(0.8, 1, 0.01, 0.5))
                .isCloseTo((Math.log(100) + Math.log(2) + 1) / info, within(1e-6));
    }

    @Test
    void neverPromisesToProveWhatIsNotThere() {
        assertThat(new Planner(0.1, 0.5).unitsToBreach(1, 1, 0.01, 1)).isEqualTo(Double.POSITIVE_INFINITY);
    }

    /** The measured means of statistics.md §11, base rates 2 % and 10 %: 12,700 and 2,402 treated units at 50 %. */
    @Test
    void expectsHealthyProofsNearTheMeasuredMeans() {
        assertThat(new Planner(0.02, 0.5).unitsToHealthy(Direction.DROP, 0.2, 0.05))
                .isCloseTo(12_700, within(900.0));
        assertThat(new Planner(0.10, 0.5).unitsToHealthy(Direction.DROP, 0.2, 0.05))
                .isCloseTo(2_402, within(120.0));
        assertThat(new Planner(0.01, 0.5).unitsToHealthy(Direction.RISE, 0.3, 0.05))
                .isFinite();
    }

    @Test
    void refusesNonsense() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Planner(0, 0.5))
                .withMessage("baseRate must lie in (0, 1), was 0.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Planner(0.5, 0.5).infoPerTreated(3, 1))
                .withMessage("treatmentRate must lie in [0, 1], was 1.5");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Planner(0.5, 0.5).unitsToBreach(0.8, 1, 0.01, 2))
                .withMessage("memberWeight must lie in (0, 1], was 2.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Planner(0.5, 0.5).unitsToHealthy(Direction.DROP, 2, 0.05))
                .withMessage("threshold of a DROP must lie in (0, 1), was 2.0");
    }
}
