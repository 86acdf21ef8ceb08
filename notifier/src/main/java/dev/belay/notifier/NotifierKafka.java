// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import dev.belay.contracts.FlagRef;
import dev.belay.contracts.Topics;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.kafka.KafkaSettings;
import dev.belay.kafka.RecordView;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** What the notifier keeps of Kafka: a view of the rollouts, for what an incident leaves unsaid. */
@Singleton
public class NotifierKafka {
    /** Name of the service. */
    static final String SERVICE = "notifier";

    private final KafkaSettings settings = KafkaSettings.configured();
    private final Map<String, RolloutState> rollouts = new ConcurrentHashMap<>();
    private volatile @Nullable RecordView<RolloutState> view;

    void start(@Observes StartupEvent event) {
        view = RecordView.start(settings, SERVICE, Topics.ROLLOUTS, (key, state, appendedAt) -> onRollout(key, state));
    }

    KafkaSettings settings() {
        return settings;
    }

    /** Returns whether the rollouts that were there at the start are known. */
    boolean isCaughtUp() {
        RecordView<RolloutState> started = view;
        return started != null && started.isCaughtUp();
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

    private static boolean isNewer(RolloutState next, RolloutState old) {
        return next.epoch() != old.epoch() ? next.epoch() > old.epoch() : next.version() >= old.version();
    }

    @PreDestroy
    void close() {
        RecordView<RolloutState> started = view;
        if (started != null) {
            started.close();
        }
    }
}
