// SPDX-License-Identifier: Apache-2.0
package dev.belay.benchmarks.latency;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

import dev.belay.benchmarks.input.Harm;
import dev.belay.benchmarks.process.Broker;
import dev.belay.benchmarks.process.Patience;
import dev.belay.benchmarks.process.Place;
import dev.belay.benchmarks.report.Percentiles;
import dev.belay.benchmarks.report.Report;
import dev.belay.benchmarks.report.Spread;
import dev.belay.benchmarks.report.Table;
import dev.belay.benchmarks.report.Target;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** From the append of the record that completes the evidence to off, and to the last client that has seen it. */
@Command(
        name = "latency",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "evidence → off at the edge → seen by clients, beside the same shape bare")
public final class LatencyCommand implements Callable<Integer> {
    private static final double RATIO_TARGET = 1.5;
    private static final double MILLIS_TARGET = 1000;
    private static final int BURST_MILLIS = 10;
    private static final int SECOND_MILLIS = 1000;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Spec
    @Nullable
    CommandSpec spec;

    @Option(names = "--rollbacks", defaultValue = "1000", description = "measured of each; default ${DEFAULT-VALUE}")
    int rollbacks;

    @Option(names = "--clients", defaultValue = "1000", description = "that listen; default ${DEFAULT-VALUE}")
    int clients;

    @Option(
            names = "--background",
            defaultValue = "1000",
            description = "events a second of other rollouts; default ${DEFAULT-VALUE}")
    int background;

    @Option(
            names = "--rounds",
            defaultValue = "10",
            description = "bare and real in turn, new processes each time; default ${DEFAULT-VALUE}")
    int rounds;

    @Option(
            names = "--every",
            defaultValue = "200",
            description = "milliseconds between two rollbacks; default ${DEFAULT-VALUE}")
    int everyMillis;

    @Option(
            names = "--warm-up",
            defaultValue = "30",
            description = "rollbacks of each round that are not counted; default ${DEFAULT-VALUE}")
    int warmUp;

    @Option(
            names = "--settle",
            defaultValue = "20",
            description = "seconds of background before the first rollback of a round; default ${DEFAULT-VALUE}")
    int settleSeconds;

    @Option(names = "--heap", defaultValue = "512", description = "MB of each process; default ${DEFAULT-VALUE}")
    int heap;

    @Option(names = "--threads", defaultValue = "2", description = "stream threads; default ${DEFAULT-VALUE}")
    int threads;

    @FunctionalInterface
    private interface Opening {
        Chain open(Broker broker, String prefix, Path folder, Sightings sightings, List<Harm> harms) throws IOException;
    }

    @Override
    public Integer call() throws IOException {
        Report report = new Report(spec);
        Path folder = Place.work("latency");
        Settings settings = new Settings(heap, threads);
        List<Sighting> bare = new ArrayList<>();
        List<Sighting> real = new ArrayList<>();
        try (Broker broker = Broker.start(folder.resolve("broker"))) {
            for (int round = 0; round < rounds; round++) {
                bare.addAll(round(
                        broker,
                        folder,
                        "bare" + round,
                        report,
                        (on, prefix, in, sightings, harms) -> new BareChain(on, prefix, in, settings, sightings)));
                real.addAll(round(
                        broker,
                        folder,
                        "real" + round,
                        report,
                        (on, prefix, in, sightings, harms) ->
                                new RealChain(on, prefix, in, settings, sightings, harms)));
            }
        }
        write(report, bare, real);
        return 0;
    }

    private List<Sighting> round(Broker broker, Path folder, String name, Report report, Opening opening)
            throws IOException {
        String prefix = name + ".";
        Sightings sightings = new Sightings(clients);
        List<Harm> harms = IntStream.range(0, warmUp + Math.max(1, rollbacks / rounds))
                .mapToObj(number -> new Harm("harm-" + number, number))
                .toList();
        List<Sighting> all = new ArrayList<>();
        try (Chain chain = opening.open(broker, prefix, folder.resolve(name), sightings, harms)) {
            chain.prepare(harms);
            report.progress(name + ": prepared");
            try (Listeners listeners =
                    Listeners.connect(clients, chain.port(), chain.stream(), chain.headers(), chain::received)) {
                all.addAll(play(chain, harms, sightings, listeners));
            }
        }
        broker.deleteTopics(prefix);
        List<Sighting> measured = all.subList(Math.min(warmUp, all.size()), all.size());
        report.progress(name + ": seen by all " + percentiles(measured, Sighting::untilSeenByAll));
        return List.copyOf(measured);
    }

    private List<Sighting> play(Chain chain, List<Harm> harms, Sightings sightings, Listeners listeners) {
        ScheduledExecutorService crowd = Executors.newSingleThreadScheduledExecutor();
        try {
            AtomicLong events = new AtomicLong();
            int burst = Math.max(1, background * BURST_MILLIS / SECOND_MILLIS);
            var ignored = crowd.scheduleAtFixedRate(
                    () -> {
                        for (int i = 0; i < burst && background > 0; i++) {
                            chain.background(events.getAndIncrement());
                        }
                    },
                    0,
                    BURST_MILLIS,
                    TimeUnit.MILLISECONDS);
            Patience.pause(Duration.ofSeconds(settleSeconds));
            List<Sighting> all = new ArrayList<>();
            // The first may have to wait until every process has found its topics.
            for (Harm harm : harms) {
                all.add(complete(chain, harm, sightings, all.isEmpty()));
                Patience.pause(Duration.ofMillis(everyMillis));
            }
            Patience.until(
                    "all rollbacks are seen by " + clients + " clients",
                    PATIENCE,
                    () -> listeners.open() == clients && all.stream().allMatch(Sighting::isOver));
            return all;
        } finally {
            crowd.shutdownNow();
        }
    }

    private static Sighting complete(Chain chain, Harm harm, Sightings sightings, boolean wait) {
        Sighting sighting = sightings.expect(harm.flag());
        if (sighting.isEarly()) {
            throw new IllegalStateException(harm.flag() + " was rolled back before its last record");
        }
        sighting.appended(chain.complete(harm).join().timestamp());
        if (wait) {
            Patience.until("the first rollback is seen", PATIENCE, sighting::isOver);
        }
        return sighting;
    }

    private static Percentiles percentiles(List<Sighting> of, ToDoubleFunction<Sighting> what) {
        return Percentiles.of(of.stream().mapToDouble(what).toArray());
    }

    private void write(Report report, List<Sighting> bare, List<Sighting> real) {
        report.head();
        report.line("Milliseconds after the append of the record that completes the evidence, p50 / p99 / max, of "
                + real.size() + " rollbacks:\n");
        Table table = new Table("until", "bare", "Belay", "ratio p50", "ratio p99", "ratio max");
        Percentiles off = row(table, "off at the edge", bare, real, Sighting::untilOff);
        Percentiles seen =
                row(table, "seen by the last of " + clients + " clients", bare, real, Sighting::untilSeenByAll);
        row(table, "seen by a client, all of them", each(bare), each(real));
        report.table(table);
        Table parts = new Table("of Belay's", "p50 / p99 / max");
        parts.row("verdict made", text(percentiles(real, Sighting::untilJudged)));
        parts.row("rollback sent", text(percentiles(real, Sighting::untilWritten)));
        report.table(parts);
        judge(report, "off at the edge", off, percentiles(bare, Sighting::untilOff));
        judge(report, "seen by the last client", seen, percentiles(bare, Sighting::untilSeenByAll));
    }

    private static void judge(Report report, String what, Percentiles real, Percentiles bare) {
        report.line(Target.atMost(RATIO_TARGET, what + ", p50, Belay ÷ bare").judge(real.p50() / bare.p50()));
        report.line(Target.atMost(RATIO_TARGET, what + ", p99, Belay ÷ bare").judge(real.p99() / bare.p99()));
        report.line(Target.atMost(MILLIS_TARGET, what + ", p99, ms").judge(real.p99()));
    }

    private static Percentiles row(
            Table table, String what, List<Sighting> bare, List<Sighting> real, ToDoubleFunction<Sighting> how) {
        return row(table, what, percentiles(bare, how), percentiles(real, how));
    }

    private static Percentiles row(Table table, String what, Percentiles bare, Percentiles real) {
        table.row(
                what,
                text(bare),
                text(real),
                Spread.number(real.p50() / bare.p50()) + " ×",
                Spread.number(real.p99() / bare.p99()) + " ×",
                Spread.number(real.max() / bare.max()) + " ×");
        return real;
    }

    private static Percentiles each(List<Sighting> of) {
        return Percentiles.of(of.stream()
                .map(Sighting::untilSeen)
                .flatMapToDouble(Arrays::stream)
                .toArray());
    }

    private static String text(Percentiles of) {
        return Spread.number(of.p50()) + " / " + Spread.number(of.p99()) + " / " + Spread.number(of.max());
    }
}
