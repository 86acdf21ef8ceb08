// SPDX-License-Identifier: Apache-2.0
package dev.belay.watcher.topology;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.Set;

import dev.belay.contracts.Json;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.judging.attribution.Cell;
import dev.belay.judging.attribution.CellCounts;
import dev.belay.judging.attribution.Delta;
import dev.belay.judging.attribution.DeltaCodec;
import dev.belay.judging.tally.Pace;
import dev.belay.watcher.RolloutDirectory;
import dev.belay.watcher.RolloutSamples;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What Streams does to a processor when a transaction was aborted: it is initialised again, on the stores as they were. */
class TallyProcessorTest {
    private static final RolloutState ROLLOUT = RolloutSamples.half("broken");

    private final Drains drains = new Drains();
    private final TallyProcessor processor = new TallyProcessor(new WatcherTopology.Setup(
            "",
            new RolloutDirectory(),
            Pace.DEFAULT,
            Duration.ofSeconds(10),
            1,
            1,
            (topic, key, value, reason) -> {
                throw new AssertionError(reason);
            },
            new Drains(),
            drains));

    @Test
    void whatWasOnlyInMemoryIsForgottenWithItsTransaction() {
        initialised();
        processor.process(units(2));
        processor.process(rollout());
        processor.process(units(3));
        processor.close();

        MockProcessorContext<String, Out> again = initialised();
        processor.process(units(2));
        processor.process(rollout());
        processor.process(units(3));

        assertThat(cell(again)).isEqualTo(5);
        KeyValueStore<String, byte[]> rollouts = again.getStateStore(WatcherTopology.ROLLOUTS);
        assertThat(rollouts.get(ROLLOUT.ref().key()))
                .as("the rollout is stored")
                .isNotNull();
    }

    @Test
    void whatWasCountedBeforeTheRolloutWasKnownIsForgottenWithItsTransactionToo() {
        initialised();
        processor.process(units(2));
        processor.close();

        MockProcessorContext<String, Out> again = initialised();
        processor.process(units(2));
        processor.process(rollout());
        processor.process(units(3));

        assertThat(cell(again)).isEqualTo(5);
    }

    @Test
    void taskThatComesAfterARequestAnswersItToo() {
        long number = drains.ask();
        MockProcessorContext<String, Out> context = initialised();
        assertThat(drains.isDone(number)).isFalse();
        context.scheduledPunctuators().forEach(each -> each.getPunctuator().punctuate(1));
        assertThat(drains.isDone(number)).isTrue();

        processor.close();
        assertThat(drains.isDone(number + 1)).as("nobody is left to answer").isTrue();
    }

    private MockProcessorContext<String, Out> initialised() {
        MockProcessorContext<String, Out> context = new MockProcessorContext<>(new Properties());
        for (String name : Set.of(WatcherTopology.ROLLOUTS, WatcherTopology.CELLS, WatcherTopology.HEADS)) {
            KeyValueStore<String, byte[]> store = Stores.keyValueStoreBuilder(
                            Stores.inMemoryKeyValueStore(name), Serdes.String(), Serdes.ByteArray())
                    .withLoggingDisabled()
                    .build();
            store.init(context.getStateStoreContext(), store);
            context.addStateStore(store);
        }
        context.setCurrentSystemTimeMs(1);
        processor.init(context);
        return context;
    }

    private static long cell(MockProcessorContext<String, Out> context) {
        KeyValueStore<String, byte[]> cells = context.getStateStore(WatcherTopology.CELLS);
        byte[] cell = cells.get(ROLLOUT.id() + "!1|0|off|rest");
        return ByteBuffer.wrap(cell, 1, Long.BYTES).getLong();
    }

    private static Record<String, TallyInput> rollout() {
        byte[] value = Json.write(ROLLOUT).getBytes(StandardCharsets.UTF_8);
        return new Record<>(ROLLOUT.ref().key(), TallyInput.rollout(value), 1);
    }

    private static Record<String, TallyInput> units(int count) {
        Map<Cell, CellCounts> cells = Map.of(new Cell(1, "rest", "off", 0), new CellCounts(count, Map.of()));
        Delta delta = new Delta(ROLLOUT.ref().key(), 1, cells, Map.of(), 0);
        return new Record<>(delta.flagKey(), TallyInput.delta(DeltaCodec.write(delta)), 1);
    }
}
