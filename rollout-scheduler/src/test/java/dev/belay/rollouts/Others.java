// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;

import com.fasterxml.jackson.databind.node.BooleanNode;
import dev.belay.contracts.Actor;
import dev.belay.contracts.FlagRef;
import dev.belay.contracts.Topic;
import dev.belay.contracts.Topics;
import dev.belay.contracts.audit.AuditEvent;
import dev.belay.contracts.flags.FlagDefinition;
import dev.belay.contracts.flags.FlagType;
import dev.belay.contracts.flags.Prerequisite;
import dev.belay.contracts.flags.Serve;
import dev.belay.contracts.flags.Variant;
import dev.belay.contracts.keys.ApiKey;
import dev.belay.contracts.keys.Role;
import dev.belay.contracts.keys.Scope;
import dev.belay.contracts.metrics.MetricDefinition;
import dev.belay.contracts.metrics.MetricKind;
import dev.belay.contracts.rollbacks.Rollback;
import dev.belay.contracts.rollbacks.RollbackTarget;
import dev.belay.contracts.rollouts.AdvanceMode;
import dev.belay.contracts.rollouts.AdvancePolicy;
import dev.belay.contracts.rollouts.Approval;
import dev.belay.contracts.rollouts.Audience;
import dev.belay.contracts.rollouts.Guardrail;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.rollouts.RolloutTemplate;
import dev.belay.contracts.rollouts.Sensitivity;
import dev.belay.contracts.rollouts.Stage;
import dev.belay.contracts.rollouts.TemplateGuardrail;
import dev.belay.contracts.verdicts.Counts;
import dev.belay.contracts.verdicts.Decision;
import dev.belay.contracts.verdicts.Estimate;
import dev.belay.contracts.verdicts.Reason;
import dev.belay.contracts.verdicts.Verdict;
import dev.belay.http.KeyText;
import dev.belay.kafka.DeadLetters;
import dev.belay.kafka.KafkaSettings;
import dev.belay.kafka.RecordPublisher;
import dev.belay.kafka.RecordView;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Plays the other services: writes what they would, reads what they get. */
final class Others implements AutoCloseable {
    private static final Instant LONG_AGO = Instant.parse("2026-01-01T00:00:00Z");

    final List<RolloutState> rollouts = new CopyOnWriteArrayList<>();
    final List<AuditEvent> audit = new CopyOnWriteArrayList<>();

    private final RecordPublisher publisher;
    private final List<RecordView<?>> views;

    Others(KafkaSettings settings) {
        publisher = new RecordPublisher(settings, "test");
        views = List.of(
                RecordView.start(settings, "test", Topics.ROLLOUTS, (key, value, at) -> {
                    if (value != null) {
                        rollouts.add(value);
                    }
                }),
                RecordView.start(settings, "test", Topics.AUDIT, (key, value, at) -> audit.add(value)));
    }

    @Override
    public void close() {
        views.forEach(RecordView::close);
        publisher.close();
    }

    List<RolloutState> rolloutsOf(FlagRef ref) {
        return rollouts.stream().filter(state -> state.ref().equals(ref)).toList();
    }

    /** Something in a topic that is no record of it. */
    static void poison(Topic<?> topic, String key, String text) throws ExecutionException, InterruptedException {
        try (KafkaProducer<String, String> raw = new KafkaProducer<>(
                KafkaSettings.configured().clientProperties(), new StringSerializer(), new StringSerializer())) {
            raw.send(new ProducerRecord<>(topic.name(), key, text)).get();
        }
    }

    /** Returns why a consumer put records of a topic away; nothing when it put none away. */
    static List<String> reasons(Topic<?> topic, String consumer) {
        String name = topic.deadLetters("", consumer);
        Map<String, Object> properties = KafkaSettings.configured().clientProperties();
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        try (KafkaConsumer<byte[], byte[]> reader =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            if (!reader.listTopics().containsKey(name)) {
                return List.of();
            }
            TopicPartition only = new TopicPartition(name, 0);
            reader.assign(List.of(only));
            reader.seekToBeginning(List.of(only));
            List<String> reasons = new ArrayList<>();
            long end = reader.endOffsets(List.of(only)).get(only);
            while (reader.position(only) < end) {
                reader.poll(Duration.ofMillis(100))
                        .forEach(letter -> reasons.add(new String(
                                letter.headers().lastHeader(DeadLetters.REASON).value(), StandardCharsets.UTF_8)));
            }
            return reasons;
        }
    }

    KeyText key(Role role) {
        return key(role, "ann");
    }

    KeyText key(Role role, String person) {
        KeyText key = KeyText.generate();
        write(
                Topics.KEYS,
                key.id(),
                new ApiKey(
                        key.id(), 1, key.hash(), person, Set.of(Scope.ADMIN), role, null, null, LONG_AGO, null, false));
        return key;
    }

    void flag(FlagRef ref, long version, Prerequisite... prerequisites) {
        write(
                Topics.FLAGS,
                ref.key(),
                new FlagDefinition(
                        ref.project(),
                        ref.environment(),
                        ref.flag(),
                        version,
                        null,
                        null,
                        List.of(),
                        FlagType.BOOLEAN,
                        true,
                        false,
                        List.of(new Variant("on", BooleanNode.TRUE), new Variant("off", BooleanNode.FALSE)),
                        "off",
                        Serve.one("off"),
                        List.of(),
                        List.of(prerequisites),
                        null,
                        null,
                        "user",
                        FlagDefinition.ExposeOn.EVALUATION,
                        null,
                        null,
                        LONG_AGO));
    }

    void metric(String project, String name, MetricKind kind) {
        metric(project, name, kind, "user");
    }

    void metric(String project, String name, MetricKind kind, String unit) {
        write(
                Topics.METRICS,
                project + "/" + name,
                new MetricDefinition(
                        project,
                        name,
                        1,
                        null,
                        null,
                        kind,
                        "purchase",
                        null,
                        MetricDefinition.GoodWhen.UP,
                        null,
                        null,
                        kind == MetricKind.QUANTILE ? 0.95 : null,
                        unit,
                        LONG_AGO));
    }

    /** Stages of 5, 25 and 50 percent that wait for proof and no time. */
    void template(String project, String name, String metric, long version) {
        template(project, name, metric, version, null);
    }

    /** @param approval what the first stage asks for; null for nothing */
    void template(String project, String name, String metric, long version, Approval approval, String... goals) {
        write(
                Topics.TEMPLATES,
                project + "/" + name,
                templateOf(project, name, metric, version, approval, List.of(goals)));
    }

    /** A version in the record that keeps it. */
    void templateVersion(String project, String name, String metric, long version) {
        write(
                Topics.TEMPLATES,
                RolloutTemplate.keyOf(project, name, version),
                templateOf(project, name, metric, version, null, List.of()));
    }

    private static RolloutTemplate templateOf(
            String project, String name, String metric, long version, Approval approval, List<String> goals) {
        Guardrail falls = new Guardrail(
                metric, metric, Guardrail.Limit.FALLS, 0.2, null, null, Guardrail.Then.ROLLBACK, Guardrail.Scope.AUTO);
        return new RolloutTemplate(
                project,
                name,
                version,
                null,
                "checkout-team",
                Map.of(),
                List.of(percent("canary", 5, approval), percent("quarter", 25, null), percent("half", 50, null)),
                AdvancePolicy.PROVEN,
                List.of(new TemplateGuardrail(null, falls)),
                goals,
                List.of(),
                Sensitivity.BALANCED,
                List.of(),
                LONG_AGO,
                List.of(),
                null,
                null);
    }

    void verdict(RolloutState rollout, String guardrail, Decision decision, Reason... reasons) {
        write(Topics.VERDICTS, rollout.ref().key(), verdictOf(rollout, guardrail, decision, reasons));
    }

    private static Verdict verdictOf(RolloutState rollout, String guardrail, Decision decision, Reason... reasons) {
        return new Verdict(
                rollout.project(),
                rollout.environment(),
                rollout.flag(),
                rollout.epoch(),
                rollout.version(),
                rollout.stage(),
                guardrail,
                guardrail,
                "on",
                null,
                decision,
                List.of(reasons),
                Guardrail.Limit.FALLS,
                0.2,
                Guardrail.Then.ROLLBACK,
                Guardrail.Scope.AUTO,
                new Estimate(0.97, 0.88, 1.06),
                new Counts(19_000, 2_280),
                new Counts(1_000, 116),
                19_000,
                1_000,
                1_000,
                Map.of(),
                0.3,
                4.6,
                1.2,
                3.0,
                7,
                Instant.now(),
                null,
                Instant.now());
    }

    /** What the controller writes when a verdict is a breach. */
    void breach(RolloutState rollout, String guardrail) {
        Verdict verdict = verdictOf(rollout, guardrail, Decision.BREACHED);
        Rollback rollback = new Rollback(
                rollout.project(),
                rollout.environment(),
                rollout.flag(),
                rollout.epoch(),
                RollbackTarget.ALL,
                "conversion fell by 31 %",
                verdict,
                Actor.service("rollback-controller"),
                Instant.now());
        write(Topics.ROLLBACKS, rollback.recordKey(), rollback);
    }

    /** Says what the scheduler does not know, or takes away what it said. */
    void rollout(FlagRef ref, RolloutState state) {
        write(Topics.ROLLOUTS, ref.key(), state);
    }

    void rollback(FlagRef ref, int epoch, RollbackTarget target) {
        Rollback rollback = new Rollback(
                ref.project(),
                ref.environment(),
                ref.flag(),
                epoch,
                target,
                "conversion fell by 31 %",
                null,
                Actor.service("rollback-controller"),
                Instant.now());
        write(Topics.ROLLBACKS, rollback.recordKey(), rollback);
    }

    private static Stage percent(String name, double percent, Approval approval) {
        return new Stage(
                name, Audience.percent(percent), null, Duration.ZERO, null, AdvanceMode.PROVEN, null, approval);
    }

    private <V> void write(Topic<V> topic, String key, V value) {
        publisher.publish(topic, key, value, key).toCompletableFuture().join();
    }
}
