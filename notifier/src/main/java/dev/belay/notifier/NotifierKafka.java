// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import dev.belay.contracts.FlagRef;
import dev.belay.contracts.Topics;
import dev.belay.contracts.flags.FlagDefinition;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.verdicts.Verdict;
import dev.belay.kafka.KafkaSettings;
import dev.belay.kafka.RecordView;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** What the notifier keeps of Kafka: rollouts, tags of flags and the last verdicts, for what an incident leaves unsaid. */
@Singleton
public class NotifierKafka {
    /** Name of the service. */
    static final String SERVICE = "notifier";

    private static final Duration RECENT = Duration.ofMinutes(15);

    private record LastVerdicts(int epoch, Map<String, Verdict> bySubject) {}

    private final KafkaSettings settings = KafkaSettings.configured();
    private final Map<String, RolloutState> rollouts = new ConcurrentHashMap<>();
    private final Map<String, List<String>> tags = new ConcurrentHashMap<>();
    private final Map<String, LastVerdicts> verdicts = new ConcurrentHashMap<>();
    private volatile @Nullable RecordView<RolloutState> view;
    private volatile @Nullable RecordView<FlagDefinition> flagView;
    private volatile @Nullable RecordView<Verdict> verdictView;

    void start(@Observes StartupEvent event) {
        view = RecordView.start(settings, SERVICE, Topics.ROLLOUTS, (key, state, appendedAt) -> onRollout(key, state));
        flagView = RecordView.start(settings, SERVICE, Topics.FLAGS, (key, flag, appendedAt) -> onFlag(key, flag));
        verdictView = RecordView.startSince(
                settings, SERVICE, Topics.VERDICTS, RECENT, (key, verdict, appendedAt) -> onVerdict(key, verdict));
    }

    KafkaSettings settings() {
        return settings;
    }

    /** Returns whether the rollouts and flags that were there at the start are known. */
    boolean isCaughtUp() {
        RecordView<RolloutState> started = view;
        RecordView<FlagDefinition> flags = flagView;
        return started != null && started.isCaughtUp() && flags != null && flags.isCaughtUp();
    }

    /** Returns the tags of a flag; none when it is not known. */
    List<String> tags(FlagRef flag) {
        return tags.getOrDefault(flag.key(), List.of());
    }

    /** Returns what was said last of a rollout, by guardrail, variant and segment; what is not recent may be missing. */
    List<Verdict> verdicts(FlagRef flag, int epoch) {
        LastVerdicts last = verdicts.get(flag.key());
        return last == null || last.epoch() != epoch
                ? List.of()
                : List.copyOf(last.bySubject().values());
    }

    Optional<RolloutState> rollout(FlagRef flag) {
        return Optional.ofNullable(rollouts.get(flag.key()));
    }

    private void onRollout(String key, @Nullable RolloutState state) {
        if (state == null) {
            rollouts.remove(key);
            return;
        }
        rollouts.merge(key, state, (old, next) -> isNewer(next, old) ? next : old);
    }

    private void onFlag(String key, @Nullable FlagDefinition flag) {
        if (flag == null || flag.tags().isEmpty()) {
            tags.remove(key);
        } else {
            tags.put(key, flag.tags());
        }
    }

    /** Of a flag the verdicts of its latest rollout only: as many as it has guardrails, variants and segments. */
    private void onVerdict(String key, @Nullable Verdict verdict) {
        if (verdict != null) {
            verdicts.compute(key, (flag, last) -> {
                LastVerdicts kept = last == null || last.epoch() < verdict.epoch()
                        ? new LastVerdicts(verdict.epoch(), new ConcurrentHashMap<>())
                        : last;
                if (kept.epoch() == verdict.epoch()) {
                    kept.bySubject().put(verdict.subject(), verdict);
                }
                return kept;
            });
        }
    }

    private static boolean isNewer(RolloutState next, RolloutState old) {
        return next.epoch() != old.epoch() ? next.epoch() > old.epoch() : next.version() >= old.version();
    }

    @PreDestroy
    void close() {
        close(view);
        close(flagView);
        close(verdictView);
    }

    private static void close(@Nullable RecordView<?> started) {
        if (started != null) {
            started.close();
        }
    }
}
