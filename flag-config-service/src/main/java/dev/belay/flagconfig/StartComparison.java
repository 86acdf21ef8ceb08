// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.ToLongFunction;

import dev.belay.contracts.Topic;
import dev.belay.kafka.KafkaSettings;
import dev.belay.kafka.RecordView;
import io.quarkus.arc.All;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/**
 * Compares database and topics once after every start, on a thread of its own. The two differ when one was restored from a
 * backup or lost its data.
 */
@ApplicationScoped
public class StartComparison {
    private static final System.Logger LOG = System.getLogger(StartComparison.class.getName());
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final long RETRY_SECONDS = 5;
    private static final Comparison.TopicReader TOPICS = new Comparison.TopicReader() {
        @Override
        public <V> Map<String, V> read(Topic<V> topic, ToLongFunction<V> version) {
            return readTopic(topic, version);
        }
    };

    private final List<Comparison> comparisons;
    private final CountDownLatch closed = new CountDownLatch(1);

    StartComparison(@All List<Comparison> comparisons) {
        this.comparisons = comparisons;
    }

    /** Compares everything once. */
    public void run() {
        comparisons.forEach(comparison -> comparison.compare(TOPICS));
    }

    void start(@Observes @Priority(40) StartupEvent event) {
        Thread thread = new Thread(this::runPatiently, FlagConfig.SERVICE + "-comparison");
        thread.setDaemon(true);
        thread.start();
    }

    void stop(@Observes ShutdownEvent event) {
        closed.countDown();
    }

    private void runPatiently() {
        try {
            do {
                if (succeeds()) {
                    return;
                }
            } while (!closed.await(RETRY_SECONDS, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean succeeds() {
        try {
            run();
            return true;
        } catch (RuntimeException e) {
            boolean isClosed = closed.getCount() == 0;
            LOG.log(
                    isClosed ? System.Logger.Level.DEBUG : System.Logger.Level.WARNING,
                    "comparing database and topics is tried again: {0}",
                    e.getMessage());
            return isClosed;
        }
    }

    private static <V> Map<String, V> readTopic(Topic<V> topic, ToLongFunction<V> version) {
        Map<String, V> values = new ConcurrentHashMap<>();
        try (RecordView<V> view =
                RecordView.start(KafkaSettings.configured(), FlagConfig.SERVICE, topic, (key, value, at) -> {
                    if (value == null) {
                        values.remove(key);
                    } else {
                        values.merge(
                                key,
                                value,
                                (known, found) ->
                                        version.applyAsLong(found) >= version.applyAsLong(known) ? found : known);
                    }
                })) {
            view.awaitCaughtUp(PATIENCE);
            return values;
        } catch (TimeoutException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }
}
