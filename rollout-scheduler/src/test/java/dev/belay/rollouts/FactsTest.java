// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

import dev.belay.contracts.rollbacks.RollbackTarget;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.rollouts.RolloutStatus;
import dev.belay.contracts.verdicts.Decision;
import dev.belay.contracts.verdicts.Verdict;
import dev.belay.rollouts.decision.Basis;
import dev.belay.rollouts.decision.Given;
import dev.belay.rollouts.decision.Heard;
import dev.belay.rollouts.decision.Situation;
import dev.belay.rollouts.decision.Terms;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class FactsTest {
    private static final RolloutState FIRST = Given.running(Given.fourStages()).rollout();
    private static final StoredRollout STORED = new StoredRollout(FIRST, Basis.NONE, Terms.NONE, List.of(), "");

    private final Facts facts = new Facts();

    @Test
    void anOldVerdictIsOldOnTheClockOfTheDatabaseToo() {
        facts.noteVerdict(verdict(FIRST), Duration.ofMinutes(4));
        Instant databaseNow = Instant.parse("2031-01-01T00:00:00Z");
        assertThat(situation(databaseNow).verdicts().values())
                .singleElement()
                .extracting(Heard::arrivedAt)
                .satisfies(at -> assertThat(Duration.between(at, databaseNow))
                        .isBetween(Duration.ofMinutes(4), Duration.ofMinutes(5)));
    }

    @Test
    void verdictsOfAnEarlierRolloutAreForgottenAndNeverComeBack() {
        RolloutState second = second();
        facts.noteVerdict(verdict(FIRST), Duration.ZERO);
        facts.noteVerdict(verdict(second), Duration.ZERO);
        facts.noteVerdict(verdict(FIRST), Duration.ZERO);
        assertThat(situation(Given.NOON).verdicts().values())
                .extracting(heard -> heard.verdict().epoch())
                .containsExactly(2);
    }

    @Test
    void aRepeatedRollbackIsNoNews() {
        assertThat(facts.noteRollback(Given.rollback(1, RollbackTarget.ALL))).isTrue();
        assertThat(facts.noteRollback(Given.rollback(1, RollbackTarget.ALL))).isFalse();
        assertThat(situation(Given.NOON).rollbacks()).hasSize(1);
    }

    @Test
    void theHighestEpochSeenAnywhereCounts() {
        facts.noteRollout(Given.FLAG, of(7, 1));
        facts.noteRollout(Given.FLAG, of(3, 1));
        assertThat(situation(Given.NOON).nextEpoch()).isEqualTo(8);
        facts.noteRollback(Given.rollback(9, RollbackTarget.KILL));
        assertThat(situation(Given.NOON).nextEpoch()).isEqualTo(10);
    }

    @Test
    void aQuestionIsAskedAgainWhenSomethingIsSaid() throws InterruptedException {
        Thread later = new Thread(() -> facts.noteRollout(Given.FLAG, of(7, 1)));
        later.start();
        Optional<Integer> answer = facts.await(
                () -> Optional.of(situation(Given.NOON).nextEpoch()).filter(epoch -> epoch == 8),
                Duration.ofSeconds(30));
        later.join();
        assertThat(answer).contains(8);
        assertThat(facts.await(Optional::empty, Duration.ofMillis(1))).isEmpty();
    }

    @Test
    void theLatestRolloutIsKeptInWhateverOrderItIsSaid() {
        facts.noteRollout(Given.FLAG, of(2, 5));
        facts.noteRollout(Given.FLAG, of(2, 4));
        facts.noteRollout(Given.FLAG, of(1, 9));
        assertThat(facts.rollout(Given.FLAG)).contains(of(2, 5));
        assertThat(facts.flagsWithRollouts()).containsExactly(Given.FLAG);
        facts.noteRollout(Given.FLAG, null);
        assertThat(facts.rollout(Given.FLAG)).isEmpty();
        assertThat(situation(Given.NOON).nextEpoch()).isEqualTo(3);
    }

    private static RolloutState of(int epoch, long version) {
        return new RolloutState(
                FIRST.project(),
                FIRST.environment(),
                FIRST.flag(),
                epoch,
                version,
                FIRST.status(),
                FIRST.plan(),
                FIRST.allocations(),
                FIRST.stageSince(),
                null,
                false,
                FIRST.by(),
                FIRST.reason(),
                FIRST.createdAt(),
                FIRST.updatedAt());
    }

    private Situation situation(Instant now) {
        return facts.situation(Given.FLAG, STORED, now, Given.VERDICT_AGE, List.of());
    }

    private static Verdict verdict(RolloutState rollout) {
        return Given.verdict(rollout, "conversion", Decision.HEALTHY, 10, 10, Given.NOON);
    }

    private static RolloutState second() {
        Situation cancelled = Given.nothing().with(Given.in(RolloutStatus.CANCELLED, FIRST), Basis.NONE);
        return Given.after(cancelled, Given.start(Given.fourStages(), Given.NOON))
                .rollout();
    }
}
