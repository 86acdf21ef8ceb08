// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.changes.decision;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

import dev.belay.contracts.Actor;
import dev.belay.flagconfig.changes.decision.ChangeGate.Judged;
import dev.belay.flagconfig.changes.decision.ChangeGate.Standing;
import dev.belay.flagconfig.changes.decision.ChangeGate.Verdict;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class ChangeGateTest {
    private static final Instant NOON = Instant.parse("2026-01-05T12:00:00Z");
    private static final Duration WEEK = Duration.ofDays(7);
    private static final Protection ONE = new Protection(1, WEEK);
    private static final Protection TWO = new Protection(2, WEEK);
    private static final Actor ANN = Actor.person("ann");
    private static final Actor BOB = Actor.person("bob");
    private static final Actor EVE = Actor.person("eve");

    @Test
    void whereNothingIsAgreedEveryoneWritesAlone() {
        assertThat(judge(new Protection(0, WEEK)).isOpen()).isTrue();
    }

    @Test
    void withoutApprovalAProtectedEnvironmentIsShut() {
        Verdict verdict = judge(ONE);

        assertThat(verdict.isOpen()).isFalse();
        assertThat(verdict.missing()).isEqualTo(1);
    }

    @Test
    void opensWithTheLastApprovalThatIsAskedFor() {
        assertThat(judge(ONE, given(BOB, "h", NOON)).isOpen()).isTrue();
        assertThat(judge(TWO, given(BOB, "h", NOON)).missing()).isEqualTo(1);
        assertThat(judge(TWO, given(BOB, "h", NOON), given(EVE, "h", NOON)).isOpen())
                .isTrue();
    }

    @Test
    void nobodyApprovesWhatTheyWroteAPartOf() {
        assertThat(standings(ChangeGate.judge(
                        ONE, "h", Set.of(ANN, BOB), List.of(given(ANN, "h", NOON), given(BOB, "h", NOON)), NOON)))
                .containsExactly(Standing.OWN, Standing.OWN);
    }

    @Test
    void anApprovalOfAnotherFormOfTheChangeIsVoid() {
        assertThat(standings(judge(ONE, given(BOB, "before the edit", NOON)))).containsExactly(Standing.OTHER_CHANGE);
    }

    @Test
    void anApprovalEndsAndCountsUntilThen() {
        assertThat(standings(judge(ONE, given(BOB, "h", NOON.minus(WEEK))))).containsExactly(Standing.EXPIRED);
        assertThat(standings(judge(ONE, given(BOB, "h", NOON.minus(WEEK).plusNanos(1)))))
                .containsExactly(Standing.COUNTS);
    }

    @Test
    void onePersonCountsOnceHoweverOftenTheyApprove() {
        Verdict verdict = judge(TWO, given(BOB, "old", NOON), given(BOB, "h", NOON), given(BOB, "h", NOON));

        assertThat(standings(verdict)).containsExactly(Standing.OTHER_CHANGE, Standing.COUNTS, Standing.REPEATED);
        assertThat(verdict.isOpen()).isFalse();
    }

    @Test
    void refusesWhatCannotBeAgreed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Protection(11, WEEK))
                .withMessage("approvals must lie in [0, 10], was 11");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Protection(1, Duration.ZERO))
                .withMessageContaining("goodFor must be positive");
    }

    private static Verdict judge(Protection protection, Given... given) {
        return ChangeGate.judge(protection, "h", Set.of(ANN), List.of(given), NOON);
    }

    private static List<Standing> standings(Verdict verdict) {
        return verdict.approvals().stream().map(Judged::standing).toList();
    }

    private static Given given(Actor by, String hash, Instant at) {
        return new Given(by, hash, at);
    }
}
