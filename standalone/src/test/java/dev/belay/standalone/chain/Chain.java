// SPDX-License-Identifier: Apache-2.0
package dev.belay.standalone.chain;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.belay.contracts.Actor;
import dev.belay.contracts.FlagRef;
import dev.belay.contracts.Topic;
import dev.belay.contracts.Topics;
import dev.belay.contracts.Unit;
import dev.belay.contracts.events.Exposure;
import dev.belay.contracts.events.Outcome;
import dev.belay.contracts.flags.FlagDefinition;
import dev.belay.contracts.metrics.MetricDefinition;
import dev.belay.contracts.rollbacks.Rollback;
import dev.belay.contracts.rollouts.Allocation;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.rollouts.RolloutStatus;
import dev.belay.contracts.rollouts.StageClauses;
import dev.belay.contracts.verdicts.Verdict;
import dev.belay.evaluation.Assignment;
import dev.belay.evaluation.Evaluation;
import dev.belay.evaluation.EvaluationContext;
import dev.belay.evaluation.Evaluator;
import dev.belay.evaluation.KnownSegment;
import dev.belay.evaluation.ServedFlag;
import dev.belay.evaluation.Snapshot;
import dev.belay.judging.tally.Pace;
import dev.belay.manifest.FlagDocument;
import dev.belay.manifest.Manifests;
import dev.belay.manifest.MetricDocument;
import dev.belay.manifest.PlanFactory;
import dev.belay.manifest.RolloutDocument;
import dev.belay.manifest.TemplateDocument;
import dev.belay.rollback.decision.RollbackDecider;
import dev.belay.watcher.RolloutDirectory;
import dev.belay.watcher.topology.Drains;
import dev.belay.watcher.topology.WatcherTopology;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;

/**
 * Outcome, watcher, rollback, edge: the parts that decide, joined by the bytes of their topics and by nothing else. People
 * get what the edge's evaluation gives them, and that is what they are counted by.
 */
final class Chain implements AutoCloseable {
    private static final FlagRef FLAG = new FlagRef("shop", "production", "new-checkout");
    private static final Instant START = Instant.parse("2026-03-02T09:00:00Z");
    private static final Duration GLANCE = Duration.ofSeconds(1);

    private final RolloutDirectory directory = new RolloutDirectory();
    private final TopologyTestDriver driver;
    private final TestInputTopic<String, Exposure> exposures;
    private final TestInputTopic<String, Outcome> outcomes;
    private final TestInputTopic<String, RolloutState> rollouts;
    private final TestOutputTopic<String, Verdict> verdicts;
    private final Drains drains = new Drains();
    private final List<Verdict> said = new ArrayList<>();
    private final List<Rollback> rollbacks = new ArrayList<>();
    private final Plan plan;
    private RolloutState state;
    private ServedFlag served;
    private Instant now = START;
    private long ids;

    /** @param documents a flag, metrics, a template with one stage, and a rollout, as people write them */
    Chain(Path folder, String documents) {
        List<String> all = List.of(documents.split("(?m)^---$"));
        FlagDefinition flag = Manifests.parseOne(all.get(0), FlagDocument.class).toDefinition(1, START);
        Map<String, MetricDefinition> metrics = all.subList(1, all.size() - 2).stream()
                .map(text -> Manifests.parseOne(text, MetricDocument.class).toDefinition(1, START))
                .collect(Collectors.toMap(MetricDefinition::name, metric -> metric));
        plan = PlanFactory.plan(
                Manifests.parseOne(all.get(all.size() - 1), RolloutDocument.class),
                Manifests.parseOne(all.get(all.size() - 2), TemplateDocument.class)
                        .toDefinition(1, START),
                metrics);
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "chain");
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:9092");
        properties.put(StreamsConfig.STATE_DIR_CONFIG, folder.toString());
        driver = new TopologyTestDriver(
                WatcherTopology.build(new WatcherTopology.Setup(
                        "",
                        directory,
                        Pace.DEFAULT,
                        Duration.ofSeconds(10),
                        1,
                        1,
                        (topic, key, value, reason) -> {
                            throw new AssertionError(reason);
                        },
                        new Drains(),
                        drains)),
                properties,
                now);
        exposures = input(Topics.EXPOSURES);
        outcomes = input(Topics.OUTCOMES);
        rollouts = input(Topics.ROLLOUTS);
        verdicts = driver.createOutputTopic(
                Topics.VERDICTS.name(),
                new StringDeserializer(),
                Topics.VERDICTS.serde().deserializer());
        served = ServedFlag.of(FLAG).onDefinition(flag);
        state = allocated(1);
        publish();
    }

    /** Somebody asks the edge, and is exposed as the edge would say it. */
    Evaluation visit(String unit, String country) {
        Evaluation answer = evaluate(unit, country);
        Assignment how = answer.assignment();
        if (how != null && answer.variant() != null) {
            Exposure exposure = new Exposure(
                    "x" + ids++,
                    FLAG.project(),
                    FLAG.environment(),
                    FLAG.flag(),
                    Unit.user(unit),
                    answer.variant(),
                    how.epoch(),
                    how.allocation(),
                    how.clause(),
                    how.share(),
                    how.bucket(),
                    plan.watchBy().isEmpty() ? Map.of() : Map.of("country", country),
                    state.version(),
                    now,
                    "test");
            exposures.pipeInput(new TestRecord<>(exposure.recordKey(), exposure, now));
        }
        return answer;
    }

    /** Returns what the edge serves, without an exposure. */
    Evaluation evaluate(String unit, String country) {
        return Evaluator.evaluate(
                served, NOTHING_ELSE, new EvaluationContext(unit, Map.of("country", TextNode.valueOf(country)), now));
    }

    void happens(String unit, String event) {
        Outcome outcome = new Outcome(
                "o" + ids++,
                FLAG.project(),
                FLAG.environment(),
                Unit.user(unit),
                event,
                null,
                Map.of(),
                null,
                null,
                now.plusMillis(1),
                "test");
        outcomes.pipeInput(new TestRecord<>(outcome.recordKey(), outcome, now.plusMillis(1)));
    }

    /** Time goes on: what was judged reaches the controller, and what it writes the edge. */
    void pass() {
        driver.advanceWallClockTime(GLANCE);
        now = now.plus(GLANCE);
        for (Verdict verdict : verdicts.readValuesToList()) {
            said.add(verdict);
            RollbackDecider.decide(verdict, plan).ifPresent(this::takeOut);
        }
    }

    /** What is out changes the split: the scheduler begins an allocation. */
    private void takeOut(Rollback rollback) {
        if (rollbacks.stream().anyMatch(each -> each.recordKey().equals(rollback.recordKey()))) {
            return;
        }
        Rollback read = Topics.ROLLBACKS
                .serde()
                .deserializer()
                .deserialize(
                        Topics.ROLLBACKS.name(),
                        Topics.ROLLBACKS.serde().serializer().serialize(Topics.ROLLBACKS.name(), rollback));
        rollbacks.add(read);
        served = served.onRollback(read);
        state = allocated(state.version() + 1);
        publish();
    }

    List<Rollback> rollbacks() {
        return rollbacks;
    }

    /** Returns all that was said of everyone with that treatment. */
    List<Verdict> said(String variant) {
        return said.stream()
                .filter(each -> each.segment() == null && each.variant().equals(variant))
                .toList();
    }

    private RolloutState allocated(long version) {
        List<Allocation> allocations = new ArrayList<>(state == null ? List.of() : state.allocations());
        allocations.add(new Allocation(allocations.size() + 1, 0, StageClauses.of(plan, 0), now));
        return new RolloutState(
                FLAG.project(),
                FLAG.environment(),
                FLAG.flag(),
                1,
                version,
                RolloutStatus.RUNNING,
                plan,
                allocations,
                START,
                null,
                false,
                Actor.person("ada"),
                "as it is",
                START,
                now);
    }

    private void publish() {
        served = served.onRollout(state);
        directory.accept(FLAG.key(), state, now);
        rollouts.pipeInput(new TestRecord<>(FLAG.key(), state, now));
    }

    private <V> TestInputTopic<String, V> input(Topic<V> topic) {
        return driver.createInputTopic(
                topic.name(), new StringSerializer(), topic.serde().serializer());
    }

    @Override
    public void close() {
        driver.close();
    }

    private static final Snapshot NOTHING_ELSE = new Snapshot() {
        @Override
        public ServedFlag flag(FlagRef ref) {
            return null;
        }

        @Override
        public KnownSegment segment(String project, String segment) {
            return null;
        }
    };
}
