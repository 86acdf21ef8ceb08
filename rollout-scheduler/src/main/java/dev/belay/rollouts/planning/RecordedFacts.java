// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts.planning;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;

import dev.belay.contracts.Topic;
import dev.belay.contracts.Topics;
import dev.belay.contracts.metrics.MetricDefinition;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.rollouts.RolloutTemplate;
import dev.belay.contracts.verdicts.Evidence;
import dev.belay.kafka.KafkaSettings;
import dev.belay.kafka.RecordView;
import dev.belay.manifest.TemplateReference;
import org.jspecify.annotations.Nullable;

/**
 * What the topics say of one project at the moment somebody asks: read when it is asked, because plans are asked for seldom
 * and everything they need is compacted.
 */
final class RecordedFacts {
    private static final String READER = "rollout-scheduler";

    private final String project;
    private final Map<String, MetricDefinition> metrics = new ConcurrentHashMap<>();
    private final Map<String, RolloutTemplate> templates = new ConcurrentHashMap<>();
    private final Map<String, RolloutState> rollouts = new ConcurrentHashMap<>();
    private final Map<String, Evidence> evidence = new ConcurrentHashMap<>();

    private RecordedFacts(String project) {
        this.project = project;
    }

    /**
     * Reads the topics to their present ends.
     *
     * @throws TimeoutException if that takes longer than {@code patience}
     */
    static RecordedFacts read(KafkaSettings settings, String project, Duration patience) throws TimeoutException {
        RecordedFacts facts = new RecordedFacts(project);
        Instant end = Instant.now().plus(patience);
        try (RecordView<MetricDefinition> metrics = view(settings, Topics.METRICS, facts.metrics);
                RecordView<RolloutTemplate> templates = view(settings, Topics.TEMPLATES, facts.templates);
                RecordView<RolloutState> rollouts = view(settings, Topics.ROLLOUTS, facts.rollouts);
                RecordView<Evidence> evidence = view(settings, Topics.EVIDENCE, facts.evidence)) {
            metrics.awaitCaughtUp(left(end));
            templates.awaitCaughtUp(left(end));
            rollouts.awaitCaughtUp(left(end));
            evidence.awaitCaughtUp(left(end));
        }
        return facts;
    }

    private static Duration left(Instant end) {
        Duration left = Duration.between(Instant.now(), end);
        return left.isNegative() ? Duration.ZERO : left;
    }

    private static <V> RecordView<V> view(KafkaSettings settings, Topic<V> topic, Map<String, V> into) {
        return RecordView.start(settings, READER, topic, (key, value, at) -> note(into, key, value));
    }

    private static <V> void note(Map<String, V> into, String key, @Nullable V value) {
        if (value == null) {
            into.remove(key);
        } else {
            into.put(key, value);
        }
    }

    /** Returns the template of the project that is named, the newest where no version is; null when there is none. */
    @Nullable
    RolloutTemplate template(TemplateReference named) {
        RolloutTemplate newest = templates.get(project + "/" + named.name());
        Long version = named.version();
        boolean isNewest = version == null || (newest != null && newest.version() == version);
        return isNewest ? newest : templates.get(project + "/" + named.name() + "@" + version);
    }

    /** Returns the metrics of the project. */
    Collection<MetricDefinition> metrics() {
        return metrics.values().stream()
                .filter(each -> each.project().equals(project))
                .toList();
    }

    /** Returns a flag's latest rollout; null when there was none. */
    @Nullable
    RolloutState rollout(String flagKey) {
        return rollouts.get(flagKey);
    }

    /** Returns the latest evidence of the project. */
    Collection<Evidence> evidence() {
        return evidence.values().stream()
                .filter(each -> each.project().equals(project))
                .toList();
    }
}
