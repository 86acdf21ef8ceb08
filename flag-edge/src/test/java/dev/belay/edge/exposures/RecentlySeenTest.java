// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge.exposures;

import java.util.stream.LongStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RecentlySeenTest {
    private static final long HOUR = 3_600_000;

    private final RecentlySeen seen = new RecentlySeen(100_000, HOUR);

    @Test
    void aFingerprintIsNewOnce() {
        assertThat(seen.add(7, 0)).isTrue();
        assertThat(seen.add(7, 0)).isFalse();
        assertThat(seen.add(0, 0)).isTrue();
        assertThat(seen.add(0, 0)).isFalse();
    }

    @Test
    void manyFingerprintsAreKeptApart() {
        assertThat(LongStream.range(0, 40_000).allMatch(each -> seen.add(each, 0)))
                .isTrue();
        assertThat(LongStream.range(0, 40_000).noneMatch(each -> seen.add(each, 0)))
                .isTrue();
    }

    @Test
    void aForgottenFingerprintIsNewAgainAndHidesNoOther() {
        LongStream.range(0, 1_000).forEach(each -> seen.add(each, 0));
        seen.remove(500);
        assertThat(seen.add(500, 0)).isTrue();
        assertThat(LongStream.range(0, 1_000).noneMatch(each -> seen.add(each, 0)))
                .isTrue();
    }

    @Test
    void afterItsLifetimeAFingerprintIsNewAgain() {
        seen.add(7, 0);
        assertThat(seen.add(7, HOUR / 2)).isFalse();
        assertThat(seen.add(7, 3 * HOUR)).isTrue();
    }

    @Test
    void theMemoryIsBounded() {
        RecentlySeen small = new RecentlySeen(10, HOUR);
        LongStream.range(0, 1_000).forEach(each -> small.add(each, 0));
        assertThat(small.add(0, 0)).isTrue();
        assertThat(small.add(999, 0)).isFalse();
    }
}
