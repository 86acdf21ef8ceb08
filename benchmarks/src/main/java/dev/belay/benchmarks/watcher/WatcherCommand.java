// SPDX-License-Identifier: Apache-2.0
package dev.belay.benchmarks.watcher;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

import dev.belay.benchmarks.process.Broker;
import dev.belay.benchmarks.process.Place;
import dev.belay.benchmarks.report.Report;
import dev.belay.benchmarks.report.Spread;
import dev.belay.benchmarks.report.Table;
import dev.belay.benchmarks.report.Target;
import dev.belay.contracts.Topics;
import dev.belay.judging.tally.Pace;
import dev.belay.kafka.KafkaSettings;
import dev.belay.watcher.RolloutDirectory;
import dev.belay.watcher.topology.Drains;
import dev.belay.watcher.topology.WatcherTopology;
import org.apache.kafka.streams.Topology;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The watcher's topology beside a plain count of distinct units, over the same events on the same broker. */
@Command(
        name = "watcher",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "events per second and core of the watcher, beside a plain count of distinct units")
public final class WatcherCommand implements Callable<Integer> {
    private static final double TARGET = 0.5;
    private static final Duration HEARTBEAT = Duration.ofSeconds(10);

    @Spec
    @Nullable
    CommandSpec spec;

    @Option(
            names = "--cases",
            split = ",",
            defaultValue = "100000x1,10000x1,1000000x1,100000x10,100000x100,10000x10:10,10000x100:100",
            description =
                    "UNITSxROLLOUTS[:SEEN BY EACH UNIT], the targets are judged by the first; default ${DEFAULT-VALUE}")
    List<String> cases = List.of();

    @Option(
            names = "--repetitions",
            defaultValue = "3",
            description = "measured repetitions of each, watcher and baseline in turn; default ${DEFAULT-VALUE}")
    int repetitions;

    @Option(
            names = "--warm-up",
            defaultValue = "1",
            description = "repetitions of the first case that are not counted; default ${DEFAULT-VALUE}")
    int warmUp;

    /** A case with what was measured of it. */
    private record Results(WatcherCase size, List<StreamsRun.Measured> plain, List<StreamsRun.Measured> watcher) {
        static Results of(WatcherCase size) {
            return new Results(size, new ArrayList<>(), new ArrayList<>());
        }

        Spread perSecond(List<StreamsRun.Measured> of) {
            return Spread.of(
                    of.stream().map(each -> size.events() / each.seconds()).toList());
        }

        Spread perCore(List<StreamsRun.Measured> of) {
            return Spread.of(of.stream()
                    .map(each -> size.events() / each.threadSeconds())
                    .toList());
        }

        Spread perProcessor(List<StreamsRun.Measured> of) {
            return Spread.of(of.stream()
                    .map(each -> size.events() / each.processSeconds())
                    .toList());
        }

        Spread bytesPerUnit(List<StreamsRun.Measured> of) {
            return Spread.of(of.stream()
                    .map(each -> (double) each.stateBytes() / size.units())
                    .toList());
        }
    }

    @Override
    public Integer call() throws IOException {
        List<WatcherCase> sizes = cases.stream().map(WatcherCase::parse).toList();
        Report report = new Report(spec);
        Path folder = Place.work("watcher");
        List<Results> all = new ArrayList<>();
        try (Broker broker = Broker.start(folder.resolve("broker"))) {
            for (int i = 0; i < sizes.size(); i++) {
                Results results = Results.of(sizes.get(i));
                measure(broker, folder, results, i == 0 ? warmUp : 0, report);
                all.add(results);
            }
        }
        write(report, all);
        return 0;
    }

    private void measure(Broker broker, Path folder, Results results, int discarded, Report report) throws IOException {
        WatcherCase size = results.size();
        String prefix = "b" + System.nanoTime() + ".";
        KafkaSettings settings = broker.settings(prefix);
        broker.createTopics(prefix);
        broker.create(prefix + PlainCount.DISTINCT, Topics.FLAG_PARTITIONS);
        Population population = new Population(size, Instant.now());
        report.progress("loading " + size.events() + " events");
        population.load(settings);
        for (int i = -discarded; i < repetitions; i++) {
            StreamsRun.Measured plain = run(
                    broker, folder, prefix + "plain" + i, PlainCount.REPARTITIONED, settings, size, plain(settings));
            StreamsRun.Measured watcher = run(
                    broker,
                    folder,
                    prefix + "watcher" + i,
                    WatcherTopology.DELTAS,
                    settings,
                    size,
                    watcher(settings, population));
            report.progress(size + (i < 0 ? " warm-up" : "") + ": plain " + plain + ", watcher " + watcher);
            if (i >= 0) {
                results.plain().add(plain);
                results.watcher().add(watcher);
            }
        }
        broker.deleteTopics(prefix);
    }

    private static StreamsRun.Measured run(
            Broker broker,
            Path folder,
            String application,
            String repartition,
            KafkaSettings settings,
            WatcherCase size,
            Topology topology)
            throws IOException {
        Path state = folder.resolve("state").resolve(application);
        StreamsRun.Measured measured = new StreamsRun(settings, application, state, repartition, size).run(topology);
        Place.delete(state);
        broker.deleteTopics(application + "-");
        return measured;
    }

    private static Topology plain(KafkaSettings settings) {
        return PlainCount.build(settings, Topics.FLAG_PARTITIONS);
    }

    private static Topology watcher(KafkaSettings settings, Population population) {
        RolloutDirectory directory = new RolloutDirectory();
        population.rollouts().forEach(rollout -> directory.accept(rollout.ref().key(), rollout, rollout.updatedAt()));
        return WatcherTopology.build(new WatcherTopology.Setup(
                settings.topicPrefix(),
                directory,
                Pace.DEFAULT,
                HEARTBEAT,
                Topics.UNIT_PARTITIONS,
                Topics.FLAG_PARTITIONS,
                (topic, key, value, reason) -> {
                    throw new IllegalStateException(reason);
                },
                new Drains(),
                new Drains()));
    }

    private static void write(Report report, List<Results> all) {
        report.head();
        Table speed = new Table(
                "units",
                "rollouts",
                "seen by each unit",
                "events",
                "what",
                "events/s, wall clock, one thread",
                "events per CPU-second of the stream thread",
                "events per CPU-second of the process",
                "state, bytes per unit");
        for (Results each : all) {
            row(speed, each, "plain count", each.plain());
            row(speed, each, "watcher", each.watcher());
        }
        report.table(speed);
        Table ratios =
                new Table("units", "rollouts", "seen by each unit", "wall clock", "stream thread", "process", "state");
        for (Results each : all) {
            ratios.row(
                    Integer.toString(each.size().units()),
                    Integer.toString(each.size().rollouts()),
                    Integer.toString(each.size().seen()),
                    Spread.number(each.perSecond(each.watcher()).over(each.perSecond(each.plain()))) + " ×",
                    Spread.number(each.perCore(each.watcher()).over(each.perCore(each.plain()))) + " ×",
                    Spread.number(each.perProcessor(each.watcher()).over(each.perProcessor(each.plain()))) + " ×",
                    Spread.number(each.bytesPerUnit(each.watcher()).over(each.bytesPerUnit(each.plain()))) + " ×");
        }
        report.table(ratios);
        Results first = all.get(0);
        report.line(Target.atLeast(TARGET, "events per second and core of the stream thread, watcher ÷ plain count")
                .judge(first.perCore(first.watcher()).over(first.perCore(first.plain()))));
        report.line(Target.atLeast(TARGET, "events per second of one thread, watcher ÷ plain count")
                .judge(first.perSecond(first.watcher()).over(first.perSecond(first.plain()))));
    }

    private static void row(Table table, Results results, String what, List<StreamsRun.Measured> of) {
        table.row(
                Integer.toString(results.size().units()),
                Integer.toString(results.size().rollouts()),
                Integer.toString(results.size().seen()),
                Long.toString(results.size().events()),
                what,
                results.perSecond(of).text(),
                results.perCore(of).text(),
                results.perProcessor(of).text(),
                results.bytesPerUnit(of).text());
    }
}
