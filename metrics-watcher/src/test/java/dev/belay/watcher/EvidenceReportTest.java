// SPDX-License-Identifier: Apache-2.0
package dev.belay.watcher;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.belay.contracts.verdicts.Counts;
import dev.belay.contracts.verdicts.Estimate;
import dev.belay.contracts.verdicts.Evidence;
import dev.belay.contracts.verdicts.MemberEvidence;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

class EvidenceReportTest {
    private static final Instant AT = Instant.parse("2026-03-02T09:00:00Z");

    private final EvidenceShelf shelf = new EvidenceShelf();

    @Test
    void reportsWhatStandsOutAmongAllFlagsAndNotWhatStandsOutAlone() {
        // e-BH at 5 % among 4: the strongest must reach 80, two together 40 each.
        put("strong", null, Math.log(90), 1);
        put("second", null, Math.log(41), 1);
        put("third", null, Math.log(20), 1);
        put("fourth", null, Math.log(0.5), 1);
        EvidenceReport report = EvidenceReport.of(shelf.of("shop", "production"), 0.05);

        assertThat(report.considered()).isEqualTo(4);
        assertThat(report.reported()).extracting(EvidenceReport.Found::flag).containsExactly("strong", "second");
        assertThat(EvidenceReport.of(shelf.of("shop", "production"), 0.01).reported())
                .isEmpty();
    }

    @Test
    void weighsAComparisonsEvidenceByItselfWhateverItsPartOfAlphaIs() {
        put("segment", "country=GB", Math.log(100), 0.01);
        put("rollout", null, Math.log(100), 0.7);
        shelf.accept(
                "any", evidence("stages", null, List.of(member(0.7, Math.log(10)), member(0.3, Math.log(40)))), AT);

        assertThat(EvidenceReport.of(shelf.of("shop", "production"), 0.5).reported())
                .extracting(found -> Math.round(Math.exp(found.logEvidence())))
                .containsExactly(100L, 100L, 19L);
    }

    @Test
    void looksAtTheNewestRolloutsOfOneEnvironmentOnlyAndAtNothingWithoutEvidence() {
        put("strong", null, 700, 1);
        shelf.accept("any", evidence("empty", null, List.of()), AT);

        assertThat(EvidenceReport.of(shelf.of("shop", "staging"), 0.05))
                .isEqualTo(new EvidenceReport(0.05, 0, List.of()));
        EvidenceReport report = EvidenceReport.of(shelf.of("shop", "production"), 0.05);
        assertThat(report.considered()).isEqualTo(1);
        assertThat(report.reported().get(0).logEvidence()).isCloseTo(700, within(1e-9));
    }

    @Test
    void refusesALevelThatIsNoShare() {
        for (double level : new double[] {0, 1, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> EvidenceReport.of(List.of(), level))
                    .withMessage("level must lie in (0, 1), was " + level);
        }
    }

    private void put(String flag, String segment, double logHarm, double weight) {
        shelf.accept("any", evidence(flag, segment, List.of(member(weight, logHarm))), AT);
    }

    private static MemberEvidence member(double weight, double logHarm) {
        return new MemberEvidence("rollout", weight, logHarm, logHarm, true);
    }

    private static Evidence evidence(String flag, String segment, List<MemberEvidence> members) {
        return new Evidence(
                "shop",
                "production",
                flag,
                1,
                0,
                "conversion",
                "conversion",
                "on",
                segment,
                new Counts(100, 10),
                new Counts(100, 5),
                new ArrayList<>(),
                Map.of(),
                Estimate.UNKNOWN,
                members,
                null,
                4.6,
                0,
                3,
                1,
                AT);
    }
}
