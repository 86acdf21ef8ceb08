// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge.serving;

import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import dev.belay.contracts.FlagRef;
import dev.belay.contracts.Topics;
import dev.belay.contracts.served.Served;
import dev.belay.edge.EdgePublisher;
import dev.belay.edge.EdgeSettings;
import dev.belay.evaluation.ServedFlag;
import dev.belay.evaluation.ServedVersions;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/**
 * Says what this edge serves: all flags once it has read them, each at once on every change, and again every few seconds
 * those that have a rollout or a rollback, or else one of them. An incident is confirmed by these reports, by every edge that
 * reported lately.
 */
@Singleton
public class ServedReports {
    private static final System.Logger LOG = System.getLogger(ServedReports.class.getName());

    private final EdgeSettings settings;
    private final Serving serving;
    private final EdgePublisher publisher;
    private final Map<FlagRef, Since> since = new ConcurrentHashMap<>();
    private final AtomicLong sequence = new AtomicLong();
    private final String run = Long.toHexString(System.nanoTime());
    private final ScheduledExecutorService reporter = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "flag-edge-served");
        thread.setDaemon(true);
        return thread;
    });

    private record Since(ServedVersions versions, Instant at) {}

    ServedReports(EdgeSettings settings, Serving serving, EdgePublisher publisher) {
        this.settings = settings;
        this.serving = serving;
        this.publisher = publisher;
    }

    void start(@Observes @Priority(5) StartupEvent event) {
        serving.onFlagChange(this::onChange);
        long every = settings.reportEvery().toMillis();
        var ignored = reporter.scheduleWithFixedDelay(this::reportAll, every, every, TimeUnit.MILLISECONDS);
    }

    @PreDestroy
    void stop() {
        reporter.shutdownNow();
    }

    private void onChange(Serving.FlagChange change) {
        if (!serving.isServing()) {
            return;
        }
        try {
            reporter.execute(() -> report(change.flag().ref()));
        } catch (RejectedExecutionException e) {
            LOG.log(System.Logger.Level.DEBUG, "a change came after the stop");
        }
    }

    private void reportAll() {
        if (serving.isServing()) {
            due(serving.flags()).forEach(flag -> report(flag.ref()));
        }
    }

    /**
     * Returns the flags that are reported again and again: those with a rollout or a rollback. Where none has one, the first
     * by key: so an edge is known to be there, and missing when it should confirm the first rollback it hears of.
     */
    static List<ServedFlag> due(Collection<ServedFlag> flags) {
        List<ServedFlag> moving = flags.stream()
                .filter(flag -> flag.rollout() != null || !flag.out().isEmpty())
                .toList();
        return moving.isEmpty()
                ? flags.stream()
                        .min(Comparator.comparing(flag -> flag.ref().key()))
                        .map(List::of)
                        .orElse(List.of())
                : moving;
    }

    /** Reports what is served now, which may be newer than what caused the report. */
    private void report(FlagRef ref) {
        @Nullable ServedFlag flag = serving.flag(ref);
        if (flag == null) {
            return;
        }
        ServedVersions versions = flag.versions();
        Since begun = since.compute(
                ref,
                (key, known) -> known != null && known.versions().equals(versions)
                        ? known
                        : new Since(versions, Instant.now()));
        Served served = flag.served(settings.name(), serving.lastTreatment(ref), begun.at());
        String id = settings.name() + "-" + run + "-" + sequence.incrementAndGet();
        var ignored = publisher
                .publish(Topics.SERVED, served.recordKey(), served, id)
                .whenComplete((done, failure) -> {
                    if (failure != null) {
                        LOG.log(
                                System.Logger.Level.WARNING,
                                "what is served was not reported: {0}",
                                failure.getMessage());
                    }
                });
    }
}
