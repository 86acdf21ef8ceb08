// SPDX-License-Identifier: Apache-2.0
package dev.belay.benchmarks.latency;

import java.time.Instant;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SightingTest {
    @Test
    void isOverWhenItIsOffAndTheLastClientHasSeenIt() {
        Sighting sighting = new Sighting(2);
        sighting.appended(1_000);
        sighting.seen(1_080);
        sighting.off(1_050);

        assertThat(sighting.isOver()).isFalse();
        sighting.seen(1_090);
        assertThat(sighting.isOver()).isTrue();
        assertThat(sighting.untilOff()).isEqualTo(50);
        assertThat(sighting.untilSeenByAll()).isEqualTo(90);
        assertThat(sighting.untilSeen()).containsExactly(80, 90);
    }

    @Test
    void whatIsServedOffBeforeTheLastRecordIsFound() {
        Sighting sighting = new Sighting(1);

        assertThat(sighting.isEarly()).isFalse();
        sighting.off(999);
        assertThat(sighting.isEarly()).isTrue();
    }

    @Test
    void theFlagOfAnEventIsFoundInBothFormsOfStream() {
        assertThat(Sightings.flagOf("{\"type\":\"refetchEvaluation\",\"flag\":\"harm-1\",\"versions\":{}}"))
                .isEqualTo("harm-1");
        assertThat(Sightings.flagOf("1700000000000 !{\"id\":\"x\",\"flag\":\"harm-2\"}"))
                .isEqualTo("harm-2");
        assertThat(Sightings.flagOf("{\"segment\":\"beta\"}")).isNull();
    }

    @Test
    void timesAreMillisecondsWithAFraction() {
        assertThat(Sightings.millis(Instant.ofEpochSecond(2, 1_500_000))).isEqualTo(2_001.5);
    }
}
