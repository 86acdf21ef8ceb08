// SPDX-License-Identifier: Apache-2.0
package dev.belay.benchmarks.edge;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

import dev.belay.benchmarks.input.Facts;
import dev.belay.benchmarks.input.Feeder;
import dev.belay.benchmarks.process.Application;
import dev.belay.benchmarks.process.Broker;
import dev.belay.benchmarks.process.Place;
import dev.belay.benchmarks.report.Report;
import dev.belay.benchmarks.report.Spread;
import dev.belay.benchmarks.report.Table;
import dev.belay.benchmarks.report.Target;
import dev.belay.contracts.Topics;
import dev.belay.http.KeyText;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The edge beside a Quarkus application that does nothing, and one that hands bodies on to Kafka unread. */
@Command(
        name = "edge",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "evaluations and events per second of the edge, beside a bare application")
public final class EdgeCommand implements Callable<Integer> {
    private static final String PLAIN = "plain";
    private static final String HALF = "half";
    private static final String FORWARDED = "baseline.forwarded";
    private static final String OFREP = "/ofrep/v1/evaluate/flags/";
    private static final String EVENTS = "/api/v1/events";
    private static final int USERS = 10_000;
    private static final int BATCHES = 100;
    private static final double SINGLE_TARGET = 0.5;
    private static final double EVENTS_TARGET = 0.4;

    @Spec
    @Nullable
    CommandSpec spec;

    @Option(names = "--connections", defaultValue = "32", description = "kept open; default ${DEFAULT-VALUE}")
    int connections;

    @Option(names = "--batch", defaultValue = "64", description = "events in a request; default ${DEFAULT-VALUE}")
    int batch;

    @Option(
            names = "--repetitions",
            defaultValue = "5",
            description = "of each, baseline and edge in turn; default ${DEFAULT-VALUE}")
    int repetitions;

    @Option(names = "--seconds", defaultValue = "10", description = "of each repetition; default ${DEFAULT-VALUE}")
    int seconds;

    @Option(
            names = "--warm-up",
            defaultValue = "20",
            description = "seconds of each before the first; default ${DEFAULT-VALUE}")
    int warmUp;

    @Option(names = "--only", defaultValue = "", description = "what is measured, a part of its name; else all of it")
    String only = "";

    @Option(names = "--heap", defaultValue = "512", description = "MB of either application; default ${DEFAULT-VALUE}")
    int heap;

    /**
     * The same work asked of both.
     *
     * @param name for people
     * @param perRequest what one request counts for
     */
    private record Contest(
            String name,
            double perRequest,
            List<Shot> toBaseline,
            List<Shot> toEdge,
            List<Round> baseline,
            List<Round> edge) {
        Contest(String name, double perRequest, List<Shot> toBaseline, List<Shot> toEdge) {
            this(name, perRequest, toBaseline, toEdge, new ArrayList<>(), new ArrayList<>());
        }

        Spread perSecond(List<Round> of) {
            return Spread.of(of.stream().map(each -> each.rate * perRequest).toList());
        }

        Spread perProcessorSecond(List<Round> of) {
            return Spread.of(of.stream().map(each -> each.perCpu * perRequest).toList());
        }
    }

    /**
     * One repetition.
     *
     * @param rate answers per second
     * @param perCpu answers per second of processor time of the application
     */
    private record Round(double rate, double perCpu) {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        Report report = new Report(spec);
        Path folder = Place.work("edge");
        KeyText key = KeyText.generate();
        try (Broker broker = Broker.start(folder.resolve("broker"))) {
            broker.createTopics("");
            broker.create(FORWARDED, Topics.UNIT_PARTITIONS);
            tellFacts(broker, key);
            try (Application edge = edge(broker, folder);
                    Application baseline = baseline(broker, folder);
                    Load load = new Load(connections)) {
                List<Contest> contests = contests(edge, key).stream()
                        .filter(each -> each.name().contains(only))
                        .toList();
                contests.forEach(each -> warm(load, each, baseline, edge, report));
                for (int i = 0; i < repetitions; i++) {
                    for (Contest each : contests) {
                        each.baseline().add(round(load, baseline, each.toBaseline()));
                        each.edge().add(round(load, edge, each.toEdge()));
                        report.progress(
                                each.name() + ": baseline " + each.baseline().get(i) + ", edge "
                                        + each.edge().get(i));
                    }
                }
                write(report, contests);
            }
        }
        return 0;
    }

    private static void tellFacts(Broker broker, KeyText key) {
        Instant now = Instant.now();
        try (Feeder feeder = new Feeder(broker.settings(""), 0)) {
            feeder.put(Topics.KEYS, key.id(), Facts.key(key, now), key.id());
            for (String flag : List.of(PLAIN, HALF)) {
                String ref = Facts.ref(flag).key();
                feeder.put(Topics.FLAGS, ref, Facts.flag(flag, now), flag);
            }
            feeder.put(Topics.ROLLOUTS, Facts.ref(HALF).key(), Facts.rollout(HALF, now), HALF);
            feeder.flush();
        }
    }

    private Application edge(Broker broker, Path folder) throws IOException {
        return Application.start(
                Place.home(),
                "flag-edge",
                folder.resolve("flag-edge"),
                heap,
                Map.of(
                        "kafka.bootstrap.servers",
                        broker.servers(),
                        "belay.edge.name",
                        "edge-1",
                        "belay.edge.last-known-good",
                        folder.resolve("last-known-good").toString()),
                "/q/health/ready");
    }

    private Application baseline(Broker broker, Path folder) throws IOException {
        return Application.start(
                Place.home(),
                "benchmarks/baseline",
                folder.resolve("baseline"),
                heap,
                Map.of("kafka.bootstrap.servers", broker.servers(), "baseline.forward-to", FORWARDED),
                "/");
    }

    private List<Contest> contests(Application edge, KeyText key) throws IOException, InterruptedException {
        Bodies bodies = new Bodies(key.text(), Instant.now());
        List<Contest> all = new ArrayList<>();
        for (String flag : List.of(HALF, PLAIN)) {
            List<Shot> toEdge = bodies.evaluations(OFREP + flag, USERS);
            List<Shot> toBaseline = bodies.evaluations("/empty/" + answerBytes(edge, toEdge.get(0)), USERS);
            String name = flag.equals(HALF) ? "single evaluation, rollout in force" : "single evaluation, no rollout";
            all.add(new Contest(name, 1, toBaseline, toEdge));
        }
        List<Shot> forwarded = bodies.events("/forward", HALF, BATCHES, batch, false);
        all.add(new Contest(
                "events, one a line", batch, forwarded, bodies.events(EVENTS, HALF, BATCHES, batch, false)));
        all.add(new Contest("events, JSON array", batch, forwarded, bodies.events(EVENTS, HALF, BATCHES, batch, true)));
        return all;
    }

    /** The baseline answers with as many bytes as the edge. */
    private static int answerBytes(Application edge, Shot shot) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + edge.port() + shot.path()))
                .POST(HttpRequest.BodyPublishers.ofByteArray(shot.body().getBytes()));
        shot.headers().forEach(request::header);
        HttpResponse<byte[]> answer =
                HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        if (answer.statusCode() != 200) {
            throw new IllegalStateException("the edge answered " + answer.statusCode() + " to " + shot.path());
        }
        return answer.body().length;
    }

    private void warm(Load load, Contest contest, Application baseline, Application edge, Report report) {
        report.progress("warming up: " + contest.name());
        load.run(baseline.port(), contest.toBaseline(), Duration.ofSeconds(warmUp));
        load.run(edge.port(), contest.toEdge(), Duration.ofSeconds(warmUp));
    }

    private Round round(Load load, Application of, List<Shot> shots) {
        Duration before = of.cpu();
        double rate = load.run(of.port(), shots, Duration.ofSeconds(seconds));
        double cpuSeconds = of.cpu().minus(before).toMillis() / 1000.0;
        return new Round(rate, rate * seconds / cpuSeconds);
    }

    private void write(Report report, List<Contest> contests) {
        report.head();
        Table table = new Table(
                "what",
                "baseline, per second",
                "edge, per second",
                "ratio",
                "baseline, per CPU-second of it",
                "edge, per CPU-second of it",
                "ratio");
        for (Contest each : contests) {
            table.row(
                    each.name(),
                    each.perSecond(each.baseline()).text(),
                    each.perSecond(each.edge()).text(),
                    Spread.number(ratio(each)) + " ×",
                    each.perProcessorSecond(each.baseline()).text(),
                    each.perProcessorSecond(each.edge()).text(),
                    Spread.number(each.perProcessorSecond(each.edge()).over(each.perProcessorSecond(each.baseline())))
                            + " ×");
        }
        report.table(table);
        for (Contest each : contests) {
            double target = each.perRequest() == 1 ? SINGLE_TARGET : EVENTS_TARGET;
            report.line(
                    Target.atLeast(target, each.name() + ", edge ÷ baseline").judge(ratio(each)));
        }
    }

    private static double ratio(Contest contest) {
        return contest.perSecond(contest.edge()).over(contest.perSecond(contest.baseline()));
    }
}
