// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;

import dev.belay.contracts.FlagRef;
import dev.belay.contracts.Topics;
import dev.belay.contracts.flags.FlagDefinition;
import dev.belay.contracts.rollbacks.Rollback;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.verdicts.Verdict;
import dev.belay.kafka.KafkaSettings;
import dev.belay.kafka.RecordView;
import dev.belay.rollouts.decision.Heard;
import dev.belay.rollouts.decision.RolloutEvent;
import jakarta.enterprise.context.ApplicationScoped;
import org.jspecify.annotations.Nullable;

/** Reads the topics of the other services into {@link Facts} and tells who decides. */
@ApplicationScoped
class FactViews {
    /** Verdicts are repeated every few seconds: older ones count for nothing but a breach, and a breach is on its own topic. */
    private static final Duration VERDICTS_BACK = Duration.ofMinutes(5);

    private final Facts facts;
    private final Wakes wakes;
    private final Clock clock = Clock.systemUTC();
    private final List<RecordView<?>> views = new ArrayList<>();
    private volatile boolean started;

    FactViews(Facts facts, Wakes wakes) {
        this.facts = facts;
        this.wakes = wakes;
    }

    /** Rollbacks first: nothing is raised before everything that is out is known. */
    void start(KafkaSettings settings) {
        views.add(RecordView.start(settings, Scheduler.NAME, Topics.ROLLBACKS, (key, value, at) -> rollback(value)));
        views.add(RecordView.start(settings, Scheduler.NAME, Topics.ROLLOUTS, (key, value, at) -> rollout(key, value)));
        views.add(RecordView.start(settings, Scheduler.NAME, Topics.FLAGS, (key, value, at) -> flag(key, value)));
        views.add(RecordView.start(
                settings, Scheduler.NAME, Topics.METRICS, (key, value, at) -> facts.noteMetric(key, value)));
        views.add(RecordView.start(
                settings, Scheduler.NAME, Topics.TEMPLATES, (key, value, at) -> facts.noteTemplate(key, value)));
        views.add(RecordView.startSince(
                settings, Scheduler.NAME, Topics.VERDICTS, VERDICTS_BACK, (key, value, at) -> verdict(value, at)));
        started = true;
    }

    void close() {
        views.forEach(RecordView::close);
    }

    /** Returns whether everything has been read that was there at the start. */
    boolean isReady() {
        return started && views.stream().allMatch(RecordView::isCaughtUp);
    }

    /**
     * Reads the rollbacks to their present end, so that a kill written before a start is known to it.
     *
     * @throws TimeoutException if that takes longer than {@code patience}
     */
    void readRollbacks(KafkaSettings settings, Duration patience) throws TimeoutException {
        try (RecordView<Rollback> view =
                RecordView.start(settings, Scheduler.NAME, Topics.ROLLBACKS, (key, value, at) -> rollback(value))) {
            view.awaitCaughtUp(patience);
        }
    }

    private void rollback(@Nullable Rollback rollback) {
        if (rollback != null && facts.noteRollback(rollback)) {
            wakes.wake(rollback.ref(), now -> new RolloutEvent.RollbackArrived(rollback, now));
        }
    }

    private void rollout(String key, @Nullable RolloutState rollout) {
        facts.noteRollout(rollout == null ? FlagRef.parse(key) : rollout.ref(), rollout);
    }

    private void flag(String key, @Nullable FlagDefinition flag) {
        FlagRef ref = FlagRef.parse(key);
        facts.noteFlag(ref, flag);
        if (flag != null) {
            String targeting = Digest.ofTargeting(flag);
            wakes.wake(ref, now -> new RolloutEvent.TargetingChanged(targeting, now));
        }
    }

    private void verdict(@Nullable Verdict verdict, Instant appendedAt) {
        if (verdict == null) {
            return;
        }
        Duration age = age(appendedAt);
        facts.noteVerdict(verdict, age);
        long arrived = System.nanoTime() - age.toNanos();
        wakes.wake(
                verdict.ref(),
                now -> new RolloutEvent.VerdictArrived(
                        new Heard(verdict, now.minusNanos(System.nanoTime() - arrived)), now));
    }

    /** A record from the future is new when it is read as it comes; of one found at the start nobody can say. */
    private Duration age(Instant appendedAt) {
        Duration age = Duration.between(appendedAt, clock.instant());
        if (!age.isNegative()) {
            return age;
        }
        return isReady() ? Duration.ZERO : VERDICTS_BACK;
    }
}
