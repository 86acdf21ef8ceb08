// SPDX-License-Identifier: Apache-2.0
package dev.belay.watcher;

import java.util.List;

import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.rollouts.RolloutStatus;
import dev.belay.judging.attribution.Attribution;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RolloutDirectoryTest {
    private static final RolloutState RUNNING = RolloutSamples.half("new-checkout");

    private final RolloutDirectory directory = new RolloutDirectory();

    @Test
    void knowsWhetherTheNewestRolloutIsLive() {
        assertThat(newest()).isNull();
        accept(RUNNING);
        assertThat(newest().isLive()).isTrue();

        accept(with(RUNNING, 1, RolloutStatus.ROLLED_BACK, RUNNING.plan()));
        assertThat(newest().isLive()).isFalse();
        assertThat(newest().plan()).isNotNull();
        assertThat(newest().epoch()).isEqualTo(1);
    }

    @Test
    void neverGoesBackToAnOlderEpoch() {
        accept(with(RUNNING, 2, RolloutStatus.RESTORED, null));
        accept(RUNNING);

        assertThat(newest().epoch()).isEqualTo(2);
        assertThat(newest().plan()).isNull();
    }

    @Test
    void knowsWhatIsCounted() {
        assertThat(directory.count("purchase")).isFalse();
        accept(RUNNING);

        assertThat(directory.count("purchase")).isTrue();
        assertThat(directory.count("page-view")).isFalse();
    }

    private Attribution.Known newest() {
        return directory.newest(RUNNING.ref().key());
    }

    private void accept(RolloutState rollout) {
        directory.accept(rollout.ref().key(), rollout, rollout.updatedAt());
    }

    private static RolloutState with(RolloutState of, int epoch, RolloutStatus status, @Nullable Plan plan) {
        return new RolloutState(
                of.project(),
                of.environment(),
                of.flag(),
                epoch,
                of.version() + 1,
                status,
                plan,
                plan == null ? List.of() : of.allocations(),
                of.stageSince(),
                null,
                false,
                of.by(),
                of.reason(),
                of.createdAt(),
                of.updatedAt());
    }
}
