// SPDX-License-Identifier: Apache-2.0
package dev.belay.watcher;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.belay.contracts.FlagRef;
import dev.belay.contracts.verdicts.Counts;
import dev.belay.contracts.verdicts.Estimate;
import dev.belay.contracts.verdicts.Evidence;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class EvidenceShelfTest {
    private static final FlagRef FLAG = new FlagRef("shop", "production", "new-checkout");
    private static final Instant AT = Instant.parse("2026-03-02T09:00:00Z");

    private final EvidenceShelf shelf = new EvidenceShelf();

    @Test
    void showsTheNewestRolloutOnlyInAnyOrder() {
        put(evidence(2, "conversion", AT));
        put(evidence(1, "conversion", AT));
        put(evidence(1, "errors", AT));
        put(evidence(2, "errors", AT));
        put(evidence("other-flag", 1, "errors", AT));

        assertThat(shelf.of(FLAG)).extracting(Evidence::epoch).containsExactly(2, 2);
        assertThat(shelf.of(FLAG)).extracting(Evidence::guardrail).containsExactly("conversion", "errors");
    }

    @Test
    void tombstoneTakesEvidenceAway() {
        Evidence evidence = evidence(1, "conversion", AT);
        put(evidence);
        shelf.accept(evidence.recordKey(), null, AT);

        assertThat(shelf.of(FLAG)).isEmpty();
    }

    @Test
    void hasWhatWasComputedSinceOrIsOfANewerRollout() {
        Evidence old = evidence(1, "conversion", AT);
        Set<String> keys = Set.of(old.recordKey());
        assertThat(shelf.hasAll(keys, AT)).isFalse();
        put(old);
        assertThat(shelf.hasAll(keys, AT)).isTrue();
        assertThat(shelf.hasAll(keys, AT.plusMillis(1))).isFalse();

        put(evidence(2, "conversion", AT));
        assertThat(shelf.hasAll(keys, AT.plusMillis(1))).isTrue();
    }

    private void put(Evidence evidence) {
        shelf.accept(evidence.recordKey(), evidence, AT);
    }

    private static Evidence evidence(int epoch, String guardrail, Instant at) {
        return evidence(FLAG.flag(), epoch, guardrail, at);
    }

    private static Evidence evidence(String flag, int epoch, String guardrail, Instant at) {
        return new Evidence(
                FLAG.project(),
                FLAG.environment(),
                flag,
                epoch,
                0,
                guardrail,
                guardrail,
                "on",
                null,
                Counts.NONE,
                Counts.NONE,
                List.of(),
                Map.of(),
                Estimate.UNKNOWN,
                List.of(),
                null,
                4.6,
                0,
                3,
                1,
                at);
    }
}
