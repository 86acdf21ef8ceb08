// SPDX-License-Identifier: Apache-2.0
package dev.belay.watcher.topology;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;

import dev.belay.contracts.Actor;
import dev.belay.contracts.FlagRef;
import dev.belay.contracts.Topic;
import dev.belay.contracts.Topics;
import dev.belay.contracts.Unit;
import dev.belay.contracts.events.Exposure;
import dev.belay.contracts.events.Outcome;
import dev.belay.contracts.metrics.MetricDefinition;
import dev.belay.contracts.metrics.MetricKind;
import dev.belay.contracts.rollouts.AdvanceMode;
import dev.belay.contracts.rollouts.Allocation;
import dev.belay.contracts.rollouts.Audience;
import dev.belay.contracts.rollouts.Guardrail;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.rollouts.RolloutStatus;
import dev.belay.contracts.rollouts.Sensitivity;
import dev.belay.contracts.rollouts.Stage;
import dev.belay.contracts.rollouts.StageClauses;
import dev.belay.contracts.verdicts.Block;
import dev.belay.contracts.verdicts.Decision;
import dev.belay.contracts.verdicts.Evidence;
import dev.belay.contracts.verdicts.MetricCounts;
import dev.belay.contracts.verdicts.Verdict;
import dev.belay.judging.tally.Pace;
import dev.belay.watcher.RolloutDirectory;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.test.TestRecord;

/** The real topology in memory, with one rollout, fed and looked at by tests. */
final class Watched implements AutoCloseable {
    static final FlagRef FLAG = new FlagRef("shop", "production", "new-checkout");
    static final Instant START = Instant.parse("2026-03-02T09:00:00Z");
    static final String PURCHASE = "purchase";
    static final String ERROR = "error";
    static final String CRASH = "crash";

    /** The test driver warns of every topic nothing was said to yet. */
    private static final Logger KAFKA = Logger.getLogger("org.apache.kafka");

    private final List<String> unreadable = new ArrayList<>();
    private final List<Verdict> said = new ArrayList<>();
    private final List<Block> cut = new ArrayList<>();
    private final List<Evidence> computed = new ArrayList<>();
    private final List<Breached> breached = new ArrayList<>();
    private final Drains looks = new Drains();
    private final Drains drains = new Drains();
    private RolloutDirectory directory = new RolloutDirectory();
    private TopologyTestDriver driver;
    private TestInputTopic<String, Exposure> exposures;
    private TestInputTopic<String, Outcome> outcomes;
    private TestInputTopic<String, RolloutState> rollouts;
    private TestOutputTopic<String, Verdict> verdicts;
    private TestOutputTopic<String, Evidence> evidence;
    private TestOutputTopic<String, Block> blocks;
    private RolloutState state;
    private Plan lastPlan;
    private Instant now = START;
    private long ids;

    Watched() {
        this(false);
    }

    private Watched(boolean onDisk) {
        KAFKA.setLevel(Level.SEVERE);
        if (onDisk) {
            open(Stores::persistentKeyValueStore);
        } else {
            open(name -> new Kept(name, Map.of()));
        }
    }

    /** Slower, with the stores that the service has; cannot be restarted. */
    static Watched onDisk() {
        return new Watched(true);
    }

    private void open(Function<String, KeyValueBytesStoreSupplier> stores) {
        WatcherTopology.Setup setup = new WatcherTopology.Setup(
                "",
                directory,
                Pace.DEFAULT,
                Duration.ofSeconds(10),
                1,
                1,
                (topic, key, value, reason) -> unreadable.add(topic.name() + ": " + reason),
                looks,
                drains,
                new Heard());
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "watched");
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:9092");
        properties.put(StreamsConfig.STATE_DIR_CONFIG, "target/streams-" + UUID.randomUUID());
        driver = new TopologyTestDriver(WatcherTopology.build(setup, stores), properties, now);
        exposures = input(Topics.EXPOSURES);
        outcomes = input(Topics.OUTCOMES);
        rollouts = input(Topics.ROLLOUTS);
        verdicts = output(Topics.VERDICTS);
        evidence = output(Topics.EVIDENCE);
        blocks = output(Topics.BLOCKS);
    }

    /** A store in memory that begins with what an earlier process left. */
    private record Kept(String name, Map<String, byte[]> stored) implements KeyValueBytesStoreSupplier {
        @Override
        public KeyValueStore<Bytes, byte[]> get() {
            KeyValueStore<Bytes, byte[]> store =
                    Stores.inMemoryKeyValueStore(name).get();
            stored.forEach((key, value) -> store.put(Bytes.wrap(key.getBytes(StandardCharsets.UTF_8)), value));
            return store;
        }

        @Override
        public String metricsScope() {
            return "in-memory";
        }
    }

    /** Ends the process and starts another with the same stores; it does not know any rollout until it is told. */
    void restart() {
        read();
        Map<String, Map<String, byte[]>> stored = new HashMap<>();
        for (String name : WatcherTopology.STORES) {
            Map<String, byte[]> all = new HashMap<>();
            KeyValueStore<String, byte[]> store = driver.getKeyValueStore(name);
            try (KeyValueIterator<String, byte[]> entries = store.all()) {
                entries.forEachRemaining(each -> all.put(each.key, each.value));
            }
            stored.put(name, all);
        }
        driver.close();
        directory = new RolloutDirectory();
        open(name -> new Kept(name, stored.getOrDefault(name, Map.of())));
    }

    /** The view of rollouts is read. */
    void tellRollouts() {
        directory.accept(FLAG.key(), state, now);
    }

    /** Returns how many entries a store has. */
    long stored(String name) {
        long count = 0;
        KeyValueStore<String, byte[]> store = driver.getKeyValueStore(name);
        try (KeyValueIterator<String, byte[]> entries = store.all()) {
            for (; entries.hasNext(); entries.next()) {
                count++;
            }
        }
        return count;
    }

    static Stage percent(double percent, Double control) {
        return new Stage(
                "p" + (int) percent,
                Audience.percent(percent),
                control,
                Duration.ofHours(1),
                null,
                AdvanceMode.PROVEN,
                null,
                null);
    }

    static Stage segment(String name, Double control) {
        return new Stage(
                name,
                Audience.segment(name),
                control,
                Duration.ofHours(1),
                null,
                AdvanceMode.NO_SIGN_OF_HARM,
                null,
                null);
    }

    static Guardrail falls(String metric, double threshold) {
        return guardrail(metric, Guardrail.Limit.FALLS, threshold);
    }

    static Guardrail rises(String metric, double threshold) {
        return guardrail(metric, Guardrail.Limit.RISES, threshold);
    }

    static Plan plan(List<Stage> stages, Guardrail... guardrails) {
        return new Plan(
                null,
                null,
                null,
                "off",
                List.of("on"),
                stages,
                List.of(),
                List.of(guardrails),
                List.of(),
                List.of(),
                Sensitivity.BALANCED,
                List.of(),
                List.of(
                        metric("conversion", MetricKind.CONVERSION, PURCHASE, Duration.ofHours(24)),
                        metric("errors", MetricKind.RATE, ERROR, null),
                        metric("crashes", MetricKind.COUNTER, CRASH, null),
                        metric("revenue", MetricKind.MEAN, PURCHASE, Duration.ofMinutes(2)),
                        metric("matured", MetricKind.CONVERSION, PURCHASE, Duration.ofMinutes(2))
                                .counting(MetricDefinition.Mode.MATURED),
                        metric("each-error", MetricKind.RATE, ERROR, null).counting(MetricDefinition.Mode.CLUSTERED)),
                Plan.ALPHA,
                Plan.BETA);
    }

    /** The same plan with segments watched. */
    static Plan watching(Plan plan, String... dimensions) {
        return new Plan(
                plan.template(),
                plan.title(),
                plan.owner(),
                plan.control(),
                plan.treatments(),
                plan.stages(),
                plan.only(),
                plan.guardrails(),
                plan.goals(),
                List.of(dimensions),
                plan.sensitivity(),
                plan.tell(),
                plan.metrics(),
                plan.alpha(),
                plan.beta());
    }

    /** An exposure that says more of the unit. */
    static Exposure in(Exposure exposure, Map<String, String> dimensions) {
        return new Exposure(
                exposure.id(),
                exposure.project(),
                exposure.environment(),
                exposure.flag(),
                exposure.unit(),
                exposure.variant(),
                exposure.epoch(),
                exposure.allocation(),
                exposure.clause(),
                exposure.share(),
                exposure.bucket(),
                dimensions,
                exposure.rolloutVersion(),
                exposure.at(),
                exposure.source());
    }

    /** Starts a rollout of the next epoch in its first stage. */
    void start(Plan plan) {
        int epoch = state == null ? 1 : state.epoch() + 1;
        lastPlan = plan;
        Allocation first = new Allocation(1, 0, StageClauses.of(plan, 0), now);
        publish(epoch, 1, RolloutStatus.RUNNING, plan, List.of(first));
    }

    /** Enters the next stage. */
    void raise() {
        allocate(state.stage() + 1);
    }

    /** Stays in the stage with a new allocation, as after an edit of the flag's targeting. */
    void reallocate() {
        allocate(state.stage());
    }

    private void allocate(int stage) {
        List<Allocation> allocations = new ArrayList<>(state.allocations());
        allocations.add(new Allocation(allocations.size() + 1, stage, StageClauses.of(state.plan(), stage), now));
        publish(state.epoch(), state.version() + 1, state.status(), state.plan(), allocations);
    }

    void become(RolloutStatus status) {
        publish(state.epoch(), state.version() + 1, status, state.plan(), state.allocations());
    }

    /** Lifts a kill, which is an epoch without a plan. */
    void restore() {
        publish(state.epoch() + 1, 1, RolloutStatus.RESTORED, null, List.of());
    }

    private void publish(int epoch, long version, RolloutStatus status, Plan plan, List<Allocation> allocations) {
        state = new RolloutState(
                FLAG.project(),
                FLAG.environment(),
                FLAG.flag(),
                epoch,
                version,
                status,
                plan,
                allocations,
                now,
                null,
                false,
                Actor.person("ada"),
                "as it is",
                now,
                now);
        publish();
    }

    RolloutState state() {
        return state;
    }

    Instant now() {
        return now;
    }

    void pass(Duration time) {
        driver.advanceWallClockTime(time);
        now = now.plus(time);
    }

    Exposure exposure(String unit, String clause, Double bucket, String variant, Instant at) {
        Allocation allocation = state.allocation().orElseThrow();
        double share = allocation.clause(clause).orElseThrow().percent() / 100;
        return new Exposure(
                "x" + ids++,
                FLAG.project(),
                FLAG.environment(),
                FLAG.flag(),
                Unit.user(unit),
                variant,
                state.epoch(),
                allocation.number(),
                clause,
                share,
                bucket,
                Map.of(),
                state.version(),
                at,
                "test");
    }

    Outcome outcome(String unit, String event, Instant at) {
        return new Outcome(
                "o" + ids++,
                FLAG.project(),
                FLAG.environment(),
                Unit.user(unit),
                event,
                null,
                Map.of(),
                null,
                null,
                at,
                "test");
    }

    /** An outcome with a value. */
    static Outcome worth(Outcome outcome, double value) {
        return new Outcome(
                outcome.id(),
                outcome.project(),
                outcome.environment(),
                outcome.unit(),
                outcome.event(),
                value,
                outcome.properties(),
                outcome.flag(),
                outcome.variant(),
                outcome.at(),
                outcome.source());
    }

    void feed(Exposure exposure) {
        exposures.pipeInput(new TestRecord<>(exposure.recordKey(), exposure, appendedAt(exposure.at())));
    }

    void feed(Outcome outcome) {
        outcomes.pipeInput(new TestRecord<>(outcome.recordKey(), outcome, appendedAt(outcome.at())));
    }

    void feedAsAppendedNow(Exposure exposure) {
        exposures.pipeInput(new TestRecord<>(exposure.recordKey(), exposure, now));
    }

    void feedAsAppendedNow(Outcome outcome) {
        outcomes.pipeInput(new TestRecord<>(outcome.recordKey(), outcome, now));
    }

    /** The broker's clock is never behind the sender's here. */
    private Instant appendedAt(Instant at) {
        return at.isAfter(now) ? at : now;
    }

    /** Asks for all units that wait for a plan to be looked at. */
    void look() {
        looks.ask();
        pass(Duration.ofMillis(200));
    }

    /** Judges everything there is and returns the latest evidence of a guardrail. */
    Evidence drain(String guardrail) {
        drains.ask();
        pass(Duration.ofMillis(200));
        read();
        return computed.stream()
                .filter(each -> each.guardrail().equals(guardrail))
                .reduce((first, last) -> last)
                .orElseThrow();
    }

    /** Returns the verdict that says that harm is proven, if there is one. */
    Optional<Verdict> breach() {
        read();
        return said.stream()
                .filter(verdict -> verdict.decision() == Decision.BREACHED)
                .findFirst();
    }

    List<Verdict> verdicts() {
        read();
        return said;
    }

    Plan plan() {
        return lastPlan;
    }

    /** Returns all evidence that was said. */
    List<Evidence> evidence() {
        read();
        return computed;
    }

    long evidenceSaid() {
        read();
        return computed.size();
    }

    List<Block> blocks() {
        read();
        return cut;
    }

    /** Returns the blocks without what is noted of the join, which is about the data and may miss a second of a crash. */
    static List<Block> counts(List<Block> blocks) {
        return blocks.stream()
                .map(each -> new Block(
                        each.project(),
                        each.environment(),
                        each.flag(),
                        each.epoch(),
                        each.seq(),
                        each.allocation(),
                        each.clause(),
                        each.stage(),
                        each.variant(),
                        each.segment(),
                        each.cohortControl(),
                        each.cohortTreatment(),
                        each.newControl(),
                        each.newTreatment(),
                        each.metrics().stream().map(Watched::counts).toList(),
                        each.closedAt(),
                        each.bothArms()))
                .toList();
    }

    private static MetricCounts counts(MetricCounts of) {
        return new MetricCounts(
                of.metric(),
                of.cohortControl(),
                of.cohortTreatment(),
                of.newControl(),
                of.newTreatment(),
                of.totalControl(),
                of.totalTreatment());
    }

    /** Puts bytes on a topic, whatever they are. */
    void poison(Topic<?> topic, String key, String value) {
        driver.createInputTopic(topic.name(), new StringSerializer(), new StringSerializer())
                .pipeInput(key, value);
    }

    /** Says all outcomes that nobody joined until now. */
    void handOn() {
        for (int slice = 0; slice < Joins.SLICES; slice++) {
            pass(Duration.ofSeconds(1));
        }
    }

    List<Breached> breached() {
        return breached;
    }

    /** A breach that was heard of, and when. */
    record Breached(Verdict verdict, long atMillis) {}

    private final class Heard implements Timings {
        @Override
        public void counted(long millis) {}

        @Override
        public void breached(Verdict breach, long nowMillis) {
            breached.add(new Breached(breach, nowMillis));
        }
    }

    List<String> unreadable() {
        return unreadable;
    }

    TopologyTestDriver driver() {
        return driver;
    }

    @Override
    public void close() {
        driver.close();
    }

    private void read() {
        said.addAll(verdicts.readValuesToList());
        computed.addAll(evidence.readValuesToList());
        cut.addAll(blocks.readValuesToList());
    }

    private void publish() {
        tellRollouts();
        rollouts.pipeInput(new TestRecord<>(FLAG.key(), state, now));
    }

    private static Guardrail guardrail(String metric, Guardrail.Limit limit, double threshold) {
        return new Guardrail(
                metric, metric, limit, threshold, null, null, Guardrail.Then.ROLLBACK, Guardrail.Scope.AUTO);
    }

    private static MetricDefinition metric(String name, MetricKind kind, String event, Duration within) {
        return new MetricDefinition(
                FLAG.project(),
                name,
                1,
                null,
                null,
                kind,
                event,
                within,
                kind == MetricKind.CONVERSION ? MetricDefinition.GoodWhen.UP : MetricDefinition.GoodWhen.DOWN,
                null,
                null,
                null,
                Unit.USER,
                START);
    }

    private <V> TestInputTopic<String, V> input(Topic<V> topic) {
        return driver.createInputTopic(
                topic.name(), new StringSerializer(), topic.serde().serializer());
    }

    private <V> TestOutputTopic<String, V> output(Topic<V> topic) {
        return driver.createOutputTopic(
                topic.name(), new StringDeserializer(), topic.serde().deserializer());
    }
}
