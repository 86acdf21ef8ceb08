// SPDX-License-Identifier: Apache-2.0
package dev.belay.contracts;

import java.time.Duration;
import java.util.List;

import dev.belay.contracts.audit.AuditEvent;
import dev.belay.contracts.events.Exposure;
import dev.belay.contracts.events.Outcome;
import dev.belay.contracts.flags.FlagDefinition;
import dev.belay.contracts.flags.Segment;
import dev.belay.contracts.keys.ApiKey;
import dev.belay.contracts.metrics.MetricDefinition;
import dev.belay.contracts.rollbacks.Incident;
import dev.belay.contracts.rollbacks.Rollback;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.rollouts.RolloutTemplate;
import dev.belay.contracts.served.Served;
import dev.belay.contracts.verdicts.Block;
import dev.belay.contracts.verdicts.Evidence;
import dev.belay.contracts.verdicts.Verdict;
import org.jspecify.annotations.Nullable;

import static dev.belay.contracts.Topic.Cleanup.COMPACT;
import static dev.belay.contracts.Topic.Cleanup.DELETE;
import static dev.belay.contracts.Topic.Timestamps.CREATE_TIME;
import static dev.belay.contracts.Topic.Timestamps.LOG_APPEND_TIME;

/**
 * Every topic of Belay. Names are written here and nowhere else.
 *
 * <p>Topics keyed by flag have the same number of partitions, and so have the two keyed by unit: the watcher joins them
 * partition by partition.
 */
public final class Topics {
    /** Partitions of every topic that is keyed by flag. */
    public static final int FLAG_PARTITIONS = 4;

    /** Partitions of the topics that are keyed by unit. */
    public static final int UNIT_PARTITIONS = 4;

    private static final String FLAG_KEY = "project/environment/flag";
    private static final String UNIT_KEY = "project/environment/kind:unit";
    private static final String EVIDENCE_KEY = "project/environment/flag#epoch#guardrail#variant[#segment]";
    private static final Duration EVENTS = Duration.ofDays(7);
    private static final Duration HISTORY = Duration.ofDays(30);

    private static final String CONFIG = "flag-config-service";
    private static final String SCHEDULER = "rollout-scheduler";
    private static final String EDGE = "flag-edge";
    private static final String WATCHER = "metrics-watcher";
    private static final String CONTROLLER = "rollback-controller";

    public static final Topic<FlagDefinition> FLAGS =
            compacted("belay.flags.v1", FLAG_KEY, FlagDefinition.class, CONFIG);
    public static final Topic<Segment> SEGMENTS =
            compacted("belay.segments.v1", "project/segment[/chunk]", Segment.class, CONFIG);
    public static final Topic<MetricDefinition> METRICS =
            compacted("belay.metrics.v1", "project/name", MetricDefinition.class, CONFIG);
    public static final Topic<RolloutTemplate> TEMPLATES =
            compacted("belay.templates.v1", "project/name", RolloutTemplate.class, CONFIG);
    public static final Topic<ApiKey> KEYS = compacted("belay.keys.v1", "key id", ApiKey.class, CONFIG);
    public static final Topic<RolloutState> ROLLOUTS =
            compacted("belay.rollouts.v1", FLAG_KEY, RolloutState.class, SCHEDULER);
    public static final Topic<Rollback> ROLLBACKS =
            compacted("belay.rollbacks.v1", "project/environment/flag#epoch#target", Rollback.class, CONTROLLER);
    public static final Topic<Exposure> EXPOSURES =
            deleted("belay.exposures.v1", UNIT_KEY, Exposure.class, UNIT_PARTITIONS, EVENTS, LOG_APPEND_TIME, EDGE);
    public static final Topic<Outcome> OUTCOMES = deleted(
            "belay.outcomes.v1",
            UNIT_KEY + ", or event:id without a unit",
            Outcome.class,
            UNIT_PARTITIONS,
            EVENTS,
            LOG_APPEND_TIME,
            EDGE);
    public static final Topic<Block> BLOCKS = history("belay.blocks.v1", FLAG_KEY, Block.class);
    public static final Topic<Evidence> EVIDENCE =
            compacted("belay.evidence.v1", EVIDENCE_KEY, Evidence.class, WATCHER);
    public static final Topic<Evidence> EVIDENCE_HISTORY =
            history("belay.evidence-history.v1", EVIDENCE_KEY, Evidence.class);
    public static final Topic<Verdict> VERDICTS = history("belay.verdicts.v1", FLAG_KEY, Verdict.class);
    public static final Topic<Served> SERVED =
            compacted("belay.served.v1", "edge#project/environment/flag", Served.class, EDGE);
    public static final Topic<Incident> INCIDENTS =
            compacted("belay.incidents.v1", "incident id", Incident.class, CONTROLLER);
    /** Written by every service; owned, persisted and chained by flag-config-service. */
    public static final Topic<AuditEvent> AUDIT = deleted(
            "belay.audit.v1", FLAG_KEY, AuditEvent.class, FLAG_PARTITIONS, Duration.ofDays(400), CREATE_TIME, CONFIG);

    private static final List<Topic<?>> ALL = List.of(
            FLAGS,
            SEGMENTS,
            METRICS,
            TEMPLATES,
            KEYS,
            ROLLOUTS,
            ROLLBACKS,
            EXPOSURES,
            OUTCOMES,
            BLOCKS,
            EVIDENCE,
            EVIDENCE_HISTORY,
            VERDICTS,
            SERVED,
            INCIDENTS,
            AUDIT);

    private Topics() {}

    public static List<Topic<?>> all() {
        return ALL;
    }

    /** Returns the topics that {@code module} creates. */
    public static List<Topic<?>> ownedBy(String module) {
        return ALL.stream().filter(topic -> topic.owner().equals(module)).toList();
    }

    private static <V> Topic<V> compacted(String name, String key, Class<V> type, String owner) {
        return new Topic<>(name, key, type, FLAG_PARTITIONS, COMPACT, null, CREATE_TIME, owner);
    }

    private static <V> Topic<V> history(String name, String key, Class<V> type) {
        return deleted(name, key, type, FLAG_PARTITIONS, HISTORY, CREATE_TIME, WATCHER);
    }

    private static <V> Topic<V> deleted(
            String name,
            String key,
            Class<V> type,
            int partitions,
            @Nullable Duration retention,
            Topic.Timestamps timestamps,
            String owner) {
        return new Topic<>(name, key, type, partitions, DELETE, retention, timestamps, owner);
    }
}
