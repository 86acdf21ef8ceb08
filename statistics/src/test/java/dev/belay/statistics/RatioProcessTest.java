// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

import java.util.List;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

class RatioProcessTest {
    private static final RatioTest DROP_20 =
            RatioTest.of(OutcomeMode.BERNOULLI, Alternatives.harm(Direction.DROP, 0.2, 0));
    private static final RatioTest DROP_20_ARRIVING =
            RatioTest.of(OutcomeMode.ARRIVAL, Alternatives.harm(Direction.DROP, 0.2, 0));

    @Test
    void startsWithoutEvidence() {
        RatioProcess process = RatioProcess.start(DROP_20);

        assertThat(process.logE()).isCloseTo(0, within(1e-15));
        assertThat(process.logSup()).isEqualTo(Double.NEGATIVE_INFINITY);
    }

    @Test
    void addsNoEvidenceForABlockWithAnEmptyArmButLearnsFromIt() {
        RatioProcess process = RatioProcess.start(DROP_20);
        RatioState before = process.snapshot();

        process.update(100, 0, 30, 0);

        assertThat(process.snapshot()).isEqualTo(new RatioState(before.logCapital(), 100, 0, 30, 0, 1, process.logE()));
    }

    @Test
    void takesMoreArrivingEventsThanExposures() {
        RatioProcess process = RatioProcess.start(DROP_20_ARRIVING);

        process.update(10, 10, 40, 5);

        assertThat(process.logE()).isPositive();
    }

    @Test
    void paysForARestartWithWeight() {
        RatioProcess process = RatioProcess.start(DROP_20, 0.7);
        process.invest(0.3);

        assertThat(process.logE()).isCloseTo(0, within(1e-15));
        assertThat(process.snapshot().invested()).isEqualTo(1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> process.invest(0.1))
                .withMessage("fraction must not exceed what is left (0.0), was 0.1");
    }

    @Test
    void keepsItsReserveThroughAnyLoss() {
        RatioProcess process = RatioProcess.start(DROP_20, 0.75);

        process.update(100_000, 100_000, 10_000, 20_000);

        assertThat(process.logE()).isCloseTo(Math.log(0.25), within(1e-9));
    }

    @Test
    void learnsFasterFromAKnownBaseRate() {
        RatioProcess blind = RatioProcess.start(DROP_20);
        RatioProcess informed = RatioProcess.start(DROP_20.withBaseRate(0.3));

        blind.update(50, 50, 15, 0);
        informed.update(50, 50, 15, 0);

        assertThat(informed.logE()).isGreaterThan(blind.logE());
    }

    /** Fails when a logarithm, an order of summation or a constant changes: recorded verdicts would no longer recompute. */
    @Test
    void keepsItsBits() {
        RatioProcess instant = RatioProcess.start(DROP_20);
        RatioProcess arriving = RatioProcess.start(DROP_20_ARRIVING);
        RatioProcess healthy =
                RatioProcess.start(RatioTest.of(OutcomeMode.BERNOULLI, Alternatives.healthy(Direction.RISE, 0.3)));
        for (int i = 1; i <= 200; i++) {
            for (RatioProcess process : List.of(instant, arriving, healthy)) {
                process.update(90 + i % 7, 10 + i % 5, 9 + i % 4, i % 3);
            }
        }

        assertThat(List.of(
                        Double.toHexString(instant.logE()),
                        Double.toHexString(arriving.logE()),
                        Double.toHexString(healthy.logE())))
                .containsExactly("0x1.1cbd67e39db2bp3", "0x1.fa3f0a47fa2bbp2", "0x1.0ba198c3eda8dp5");
    }

    @Nested
    class WhenAskedForNonsense {
        @Test
        void refusesNegativeCountsAndStaysAsItWas() {
            RatioProcess process = RatioProcess.start(DROP_20);
            RatioState before = process.snapshot();

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> process.update(10, 10, 1, -1))
                    .withMessage("treatmentEvents must not be negative, was -1");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> process.update(-3, 10, 1, 1))
                    .withMessage("controlUnits must not be negative, was -3");
            assertThat(process.snapshot()).isEqualTo(before);
        }

        @Test
        void refusesMoreInstantEventsThanUnits() {
            RatioProcess process = RatioProcess.start(DROP_20);

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> process.update(10, 10, 11, 0))
                    .withMessage("controlEvents must not exceed controlUnits (10) in BERNOULLI mode, was 11");
        }

        @Test
        void refusesAStateOfAnotherTest() {
            RatioState state = RatioProcess.start(DROP_20).snapshot();
            RatioTest rise = RatioTest.of(OutcomeMode.ARRIVAL, Alternatives.harm(Direction.RISE, 0.3, 0));

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> RatioProcess.restore(rise, state))
                    .withMessage("logCapital must have one value per alternative (6), had 4");
        }

        @Test
        void refusesAStateThatIsNotANumber() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new RatioState(List.of(Double.NaN), 0, 0, 0, 0, 1, 0))
                    .withMessage("logCapital must be a number below infinity, was NaN");
        }

        @Test
        void refusesImpossibleFractionsAndBaseRates() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> RatioProcess.start(DROP_20, 0))
                    .withMessage("fraction must lie in (0, 1], was 0.0");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> DROP_20.withBaseRate(1))
                    .withMessage("baseRate must lie in (0, 1), was 1.0");
        }
    }
}
