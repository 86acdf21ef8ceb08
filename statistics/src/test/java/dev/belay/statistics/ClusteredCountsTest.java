// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

import java.util.Random;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** Counts that come in clusters. */
class ClusteredCountsTest {
    @Test
    void rollsBackHarmlessClustersOnlyWhenTheyAreTakenForSingleEvents() {
        int raw = 0;
        int divided = 0;
        for (int run = 0; run < 100; run++) {
            raw += isWrong(new Random(run), false) ? 1 : 0;
            divided += isWrong(new Random(run), true) ? 1 : 0;
        }

        assertThat(raw).isGreaterThan(25);
        assertThat(divided).isLessThan(12);
    }

    /** 2 % of the units have errors, five on average. */
    private static boolean isWrong(Random random, boolean divides) {
        RatioProcess process =
                RatioProcess.start(RatioTest.of(OutcomeMode.ARRIVAL, Alternatives.harm(Direction.RISE, 0.3, 0)));
        Dispersion known = Dispersion.UNKNOWN;
        for (int block = 0; block < 300; block++) {
            long[] events = {0, 0};
            Dispersion seen = Dispersion.UNKNOWN;
            for (int unit = 0; unit < 200; unit++) {
                long count = random.nextDouble() < 0.02 ? geometric(random) : 0;
                events[unit % 2] += count;
                seen = seen.with(count);
            }
            if (known.factor().isPresent()) {
                double factor = divides ? known.factor().getAsDouble() : 1;
                process.updateClustered(100, 100, events[0], events[1], factor);
            }
            known = known.plus(seen);
        }
        return process.logSup() >= -StrictMath.log(0.05);
    }

    private static long geometric(Random random) {
        long count = 1;
        while (random.nextDouble() > 0.2) {
            count++;
        }
        return count;
    }

    @Test
    void knowsNoDispersionFromAHandfulOfUnits() {
        Dispersion few = Dispersion.UNKNOWN;
        for (int unit = 0; unit < 29; unit++) {
            few = few.with(3).with(0);
        }

        assertThat(few.factor()).isEmpty();
        assertThat(few.with(3).factor()).hasValue(3);
    }

    @Test
    void isTheSameAsSingleEventsWithDispersionOne() {
        RatioTest test = RatioTest.of(OutcomeMode.ARRIVAL, Alternatives.harm(Direction.RISE, 0.3, 0));
        RatioProcess single = RatioProcess.start(test);
        RatioProcess clustered = RatioProcess.start(test);

        single.update(900, 100, 30, 9);
        clustered.updateClustered(900, 100, 30, 9, 1);

        assertThat(clustered.snapshot()).isEqualTo(single.snapshot());
    }

    @Test
    void refusesClustersWhereUnitsAreCounted() {
        RatioProcess process =
                RatioProcess.start(RatioTest.of(OutcomeMode.BERNOULLI, Alternatives.harm(Direction.RISE, 0.3, 0)));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> process.updateClustered(1, 1, 1, 1, 2))
                .withMessage("mode must be ARRIVAL for clustered counts, was BERNOULLI");
    }

    @Test
    void refusesADispersionBelowOne() {
        RatioProcess process =
                RatioProcess.start(RatioTest.of(OutcomeMode.ARRIVAL, Alternatives.harm(Direction.RISE, 0.3, 0)));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> process.updateClustered(1, 1, 1, 1, 0.5))
                .withMessage("dispersion must be finite and at least 1, was 0.5");
    }
}
