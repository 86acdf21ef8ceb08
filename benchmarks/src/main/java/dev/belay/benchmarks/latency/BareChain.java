// SPDX-License-Identifier: Apache-2.0
package dev.belay.benchmarks.latency;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import dev.belay.benchmarks.input.Feeder;
import dev.belay.benchmarks.input.Harm;
import dev.belay.benchmarks.process.Application;
import dev.belay.benchmarks.process.Broker;
import dev.belay.benchmarks.process.JavaProcess;
import dev.belay.benchmarks.process.Place;
import dev.belay.contracts.Json;
import dev.belay.contracts.Topics;
import org.apache.kafka.clients.producer.RecordMetadata;

/** Three processes that do nothing but hand on: {@link BareStreams}, {@link BareHop}, a broadcast. */
final class BareChain implements Chain {
    private final String events;
    private final Sightings sightings;
    private final Feeder feeder;
    private final JavaProcess streams;
    private final JavaProcess hop;
    private final Application broadcast;

    BareChain(Broker broker, String prefix, Path folder, Settings settings, Sightings sightings) throws IOException {
        this.events = prefix + BareTopics.EVENTS;
        this.sightings = sightings;
        for (String topic : List.of(BareTopics.EVENTS, BareTopics.FOUND, BareTopics.TOLD)) {
            broker.create(prefix + topic, Topics.FLAG_PARTITIONS);
        }
        this.feeder = new Feeder(broker.settings(prefix), 0);
        this.streams = JavaProcess.start(
                BareStreams.NAME,
                folder,
                JavaProcess.own(
                        settings.heap(),
                        BareStreams.NAME,
                        "--servers",
                        broker.servers(),
                        "--prefix",
                        prefix,
                        "--state",
                        folder.resolve("state").toString(),
                        "--threads",
                        Integer.toString(settings.threads()),
                        "--partitions",
                        Integer.toString(Topics.FLAG_PARTITIONS)));
        this.hop = JavaProcess.start(
                BareHop.NAME,
                folder,
                JavaProcess.own(settings.heap(), BareHop.NAME, "--servers", broker.servers(), "--prefix", prefix));
        this.broadcast = Application.start(
                Place.home(),
                "benchmarks/baseline",
                folder,
                settings.heap(),
                Map.of("kafka.bootstrap.servers", broker.servers(), "baseline.broadcast", prefix + BareTopics.TOLD),
                "/");
    }

    @Override
    public int port() {
        return broadcast.port();
    }

    @Override
    public String stream() {
        return "/stream";
    }

    @Override
    public Map<String, String> headers() {
        return Map.of();
    }

    /** Nothing is counted here. */
    @Override
    public void prepare(List<Harm> harms) {
        streams.requireAlive();
        hop.requireAlive();
    }

    @Override
    public CompletableFuture<RecordMetadata> complete(Harm harm) {
        String json = Json.write(harm.last(Instant.now()));
        return feeder.send(events, key(harm.flag(), "last"), bytes((char) BareStreams.MARK + json));
    }

    @Override
    public void background(long number) {
        Crowd.event(
                number,
                Instant.now(),
                exposure -> feeder.put(events, key(exposure.flag(), exposure.recordKey()), bytes(Json.write(exposure))),
                outcome -> feeder.put(events, key(outcome.event(), outcome.recordKey()), bytes(Json.write(outcome))));
    }

    @Override
    public void received(String data) {
        double now = Sightings.now();
        String flag = Sightings.flagOf(data);
        if (flag != null) {
            String text = data.strip();
            sightings.note(flag, Sighting::off, Long.parseLong(text.substring(0, text.indexOf(' '))));
            sightings.note(flag, Sighting::seen, now);
        }
    }

    @Override
    public void close() {
        feeder.close();
        broadcast.close();
        hop.close();
        streams.close();
    }

    private static String key(String flag, String unit) {
        return flag + BareStreams.OF + unit;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
