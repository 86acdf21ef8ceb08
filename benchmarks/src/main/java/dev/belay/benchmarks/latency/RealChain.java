// SPDX-License-Identifier: Apache-2.0
package dev.belay.benchmarks.latency;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

import dev.belay.benchmarks.input.Facts;
import dev.belay.benchmarks.input.Feeder;
import dev.belay.benchmarks.input.Harm;
import dev.belay.benchmarks.process.Application;
import dev.belay.benchmarks.process.Broker;
import dev.belay.benchmarks.process.Patience;
import dev.belay.benchmarks.process.Place;
import dev.belay.contracts.Topics;
import dev.belay.contracts.events.Exposure;
import dev.belay.contracts.events.Outcome;
import dev.belay.contracts.rollbacks.Rollback;
import dev.belay.contracts.served.Served;
import dev.belay.contracts.verdicts.Decision;
import dev.belay.contracts.verdicts.Verdict;
import dev.belay.http.KeyText;
import dev.belay.kafka.KafkaSettings;
import dev.belay.kafka.RecordView;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/** metrics-watcher, rollback-controller and flag-edge as processes; the benchmark is in the place of all other services. */
final class RealChain implements Chain {
    private static final String READY = "/q/health/ready";
    private static final String COUNTED = "belay_watcher_lag_seconds_count";
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Sightings sightings;
    private final KeyText key = KeyText.generate();
    private final Feeder feeder;
    private final Set<String> judged = ConcurrentHashMap.newKeySet();
    private final List<AutoCloseable> open = new ArrayList<>();
    private final Application watcher;
    private final Application edge;

    RealChain(Broker broker, String prefix, Path folder, Settings settings, Sightings sightings, List<Harm> harms)
            throws IOException {
        this.sightings = sightings;
        KafkaSettings kafka = broker.settings(prefix);
        broker.createTopics(prefix);
        this.feeder = new Feeder(kafka, 0);
        tellFacts(harms);
        open.add(RecordView.start(kafka, "benchmarks", Topics.VERDICTS, this::onVerdict));
        open.add(RecordView.start(kafka, "benchmarks", Topics.ROLLBACKS, this::onRollback));
        open.add(RecordView.start(kafka, "benchmarks", Topics.SERVED, this::onServed));
        this.watcher = start(
                broker,
                prefix,
                "metrics-watcher",
                folder,
                settings,
                Map.of(
                        "belay.watcher.state-dir",
                        folder.resolve("state").toString(),
                        "belay.watcher.threads",
                        Integer.toString(settings.threads()),
                        // No block ends by its age: which record ends it must be known.
                        "belay.watcher.block-age",
                        "PT6H"));
        start(broker, prefix, "rollback-controller", folder, settings, Map.of());
        this.edge = start(
                broker,
                prefix,
                "flag-edge",
                folder,
                settings,
                Map.of(
                        "belay.edge.name",
                        "edge-1",
                        "belay.edge.last-known-good",
                        folder.resolve("last-known-good").toString()));
    }

    private Application start(
            Broker broker, String prefix, String module, Path folder, Settings settings, Map<String, String> own)
            throws IOException {
        Map<String, String> all = new HashMap<>(own);
        all.put("kafka.bootstrap.servers", broker.servers());
        all.put("belay.kafka.topic-prefix", prefix);
        Application started =
                Application.start(Place.home(), module, folder.resolve(module), settings.heap(), all, READY);
        open.add(started);
        return started;
    }

    private void tellFacts(List<Harm> harms) {
        Instant now = Instant.now();
        List<String> flags = new ArrayList<>(Crowd.flags());
        harms.forEach(harm -> flags.add(harm.flag()));
        feeder.put(Topics.KEYS, key.id(), Facts.key(key, now), key.id());
        for (String flag : flags) {
            String ref = Facts.ref(flag).key();
            feeder.put(Topics.FLAGS, ref, Facts.flag(flag, now), flag);
            feeder.put(Topics.ROLLOUTS, ref, Facts.rollout(flag, now), flag);
        }
        feeder.flush();
    }

    @Override
    public int port() {
        return edge.port();
    }

    @Override
    public String stream() {
        return "/api/v1/stream";
    }

    @Override
    public Map<String, String> headers() {
        return Map.of("Authorization", "Bearer " + key.text());
    }

    @Override
    public void prepare(List<Harm> harms) {
        Patience.until("every rollout is judged", PATIENCE, () -> harms.stream()
                .allMatch(harm -> judged.contains(harm.flag())));
        Instant now = Instant.now();
        double counted = watcher.metric(COUNTED);
        List<Exposure> crowd = all(harms, harm -> harm.crowd(now));
        crowd.forEach(feeder::put);
        feeder.flush();
        awaitCounted(counted + crowd.size());
        Instant later = Instant.now();
        List<Exposure> open = all(harms, harm -> harm.open(later));
        List<Outcome> purchases = all(harms, harm -> harm.purchases(later));
        open.forEach(feeder::put);
        purchases.forEach(feeder::put);
        feeder.flush();
        awaitCounted(counted + crowd.size() + open.size() + purchases.size());
    }

    private static <E> List<E> all(List<Harm> harms, Function<Harm, List<E>> events) {
        return harms.stream().flatMap(harm -> events.apply(harm).stream()).toList();
    }

    private void awaitCounted(double events) {
        Patience.until(events + " events are counted", PATIENCE, () -> watcher.metric(COUNTED) >= events);
    }

    @Override
    public CompletableFuture<RecordMetadata> complete(Harm harm) {
        return feeder.send(harm.last(Instant.now()));
    }

    @Override
    public void background(long number) {
        Crowd.event(number, Instant.now(), feeder::put, feeder::put);
    }

    @Override
    public void received(String data) {
        String flag = Sightings.flagOf(data);
        if (flag != null) {
            sightings.note(flag, Sighting::seen, Sightings.now());
        }
    }

    @Override
    public void close() {
        feeder.close();
        for (int i = open.size() - 1; i >= 0; i--) {
            close(open.get(i));
        }
    }

    private static void close(AutoCloseable each) {
        if (each instanceof Application application) {
            application.close();
        } else if (each instanceof RecordView<?> view) {
            view.close();
        }
    }

    private void onVerdict(String ref, @Nullable Verdict verdict, Instant at) {
        if (verdict != null) {
            judged.add(verdict.flag());
            if (verdict.decision() == Decision.BREACHED) {
                sightings.note(verdict.flag(), Sighting::judged, Sightings.millis(at));
            }
        }
    }

    private void onRollback(String record, @Nullable Rollback rollback, Instant at) {
        if (rollback != null) {
            sightings.note(rollback.flag(), Sighting::written, Sightings.millis(at));
        }
    }

    private void onServed(String record, @Nullable Served served, Instant at) {
        if (served != null && !served.out().isEmpty()) {
            sightings.note(served.flag(), Sighting::off, Sightings.millis(served.at()));
        }
    }
}
