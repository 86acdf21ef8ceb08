// SPDX-License-Identifier: Apache-2.0
package dev.belay.standalone.demo;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class ShopperTest {
    private static final int VISITS = 20_000;

    @Test
    void theSameSeedBringsTheSamePeople() {
        assertThat(visits(3)).isEqualTo(visits(3)).isNotEqualTo(visits(4));
    }

    @Test
    void theSharesAreThoseThatTheDemoStates() {
        List<Shopper> visits = visits(1);

        assertThat(share(visits, Shopper::internal)).isCloseTo(Shopper.INTERNAL, Offset.offset(0.005));
        assertThat(share(visits, Shopper::beta)).isCloseTo(Shopper.BETA, Offset.offset(0.005));
        assertThat(share(visits, shopper -> shopper.buyDraw() < Scenario.CONVERSION))
                .isCloseTo(Scenario.CONVERSION, Offset.offset(0.02));
    }

    @Test
    void someComeBackAsTheyWere() {
        List<Shopper> visits = visits(1);
        Set<String> people = new HashSet<>(visits.stream().map(Shopper::id).toList());

        assertThat(new HashSet<>(visits)).hasSameSizeAs(people);
        assertThat(people.size()).isBetween(VISITS * 75 / 100, VISITS * 95 / 100);
    }

    @Test
    void aScenarioThatIsNoneIsRefusedWithThoseThatAre() {
        assertThat(Scenario.of("conversion-drop")).isEqualTo(Scenario.CONVERSION_DROP);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Scenario.of("rain"))
                .withMessage("--scenario must be one of conversion-drop, errors, healthy, outage, uk-hurts, was rain");
    }

    @Test
    void theUnitedKingdomAloneIsHurtAndAllTogetherGain() {
        List<Shopper> visits = visits(1);

        assertThat(bought(visits, "UK") / plain(visits, "UK")).isCloseTo(0.7, Offset.offset(0.03));
        assertThat(bought(visits, "US") / plain(visits, "US")).isGreaterThan(1.2);
        assertThat(bought(visits, "IN") / plain(visits, "IN")).isGreaterThan(1.2);
        assertThat(bought(visits, "") / plain(visits, "")).isGreaterThan(1.05);
    }

    private static double bought(List<Shopper> visits, String country) {
        return buying(visits, country, true);
    }

    private static double plain(List<Shopper> visits, String country) {
        return buying(visits, country, false);
    }

    private static double buying(List<Shopper> visits, String country, boolean affected) {
        return visits.stream()
                .filter(shopper -> shopper.country().contains(country))
                .filter(shopper -> shopper.buyDraw() < Scenario.UK_HURTS.conversion(shopper.country(), affected))
                .count();
    }

    private static List<Shopper> visits(long seed) {
        return LongStream.range(0, VISITS)
                .mapToObj(visit -> Shopper.visiting(seed, visit))
                .toList();
    }

    private static double share(List<Shopper> visits, java.util.function.Predicate<Shopper> of) {
        return visits.stream().filter(of).count() / (double) visits.size();
    }
}
