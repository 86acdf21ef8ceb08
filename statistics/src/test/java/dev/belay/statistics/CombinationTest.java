// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class CombinationTest {
    private static final double ALPHA = 0.01;
    private static final double LIMIT = -StrictMath.log(ALPHA);

    @Test
    void breachesOnEvidenceThatWasThereBeforeTheGateOpened() {
        Member early = new Member(0.5, 1, LIMIT + 1, true);
        Member other = new Member(0.5, 2, 2, true);

        Combination combination = Combination.of(List.of(other, early), ALPHA);

        assertThat(combination.total()).isLessThan(LIMIT);
        assertThat(combination.breach()).isTrue();
        assertThat(combination.cause()).isEqualTo(1);
    }

    @Test
    void doesNotLendOldEvidenceToTheOpenGateOfAnotherMember() {
        Member closed = new Member(0.5, 50, 50, false);
        Member open = new Member(0.5, 0, 0, true);

        Combination combination = Combination.of(List.of(closed, open), ALPHA);

        assertThat(combination.breach()).isFalse();
        assertThat(combination.cause()).isEqualTo(1);
        assertThat(combination.warning()).isTrue();
    }

    @Test
    void doesNotAddUpTheHighestsOfSeveralMembers() {
        Member member = new Member(0.5, -5, LIMIT, true);

        assertThat(Combination.of(List.of(member, member), ALPHA).breach()).isFalse();
    }

    @Test
    void breachesExactlyAtTheLimit() {
        assertThat(Combination.of(List.of(new Member(1, LIMIT, LIMIT, true)), ALPHA)
                        .breach())
                .isTrue();
        assertThat(Combination.of(List.of(new Member(1, Math.nextDown(LIMIT), Math.nextDown(LIMIT), true)), ALPHA)
                        .breach())
                .isFalse();
    }

    @Test
    void namesTheLargestTermAsTheCauseWhateverTheWeights() {
        Member heavy = new Member(0.9, 6, 6, true);
        Member light = new Member(0.1, 8, 8, true);

        assertThat(Combination.of(List.of(heavy, light), ALPHA).cause()).isZero();
    }

    @Test
    void saysNothingWithoutMembers() {
        assertThat(Combination.of(List.of(), ALPHA))
                .isEqualTo(new Combination(Double.NEGATIVE_INFINITY, false, false, Combination.NO_CAUSE));
    }

    @Test
    void warnsFromHalfTheWay() {
        assertThat(Combination.of(List.of(new Member(1, LIMIT / 2, LIMIT / 2, false)), ALPHA)
                        .warning())
                .isTrue();
        assertThat(Combination.of(List.of(new Member(1, LIMIT / 2 - 0.01, LIMIT, false)), ALPHA)
                        .warning())
                .isFalse();
    }

    @Test
    void refusesMoreWeightThanThereIs() {
        Member member = new Member(0.6, 0, 0, true);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Combination.of(List.of(member, member), ALPHA))
                .withMessage("weights of members must sum to at most 1, summed to 1.2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Member(0, 0, 0, true))
                .withMessage("weight must lie in (0, 1], was 0.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Combination.of(List.of(), 1))
                .withMessage("alpha must lie in (0, 1), was 1.0");
    }
}
