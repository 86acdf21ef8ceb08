// SPDX-License-Identifier: Apache-2.0
package dev.belay.benchmarks.statistics;

import java.util.Collection;
import java.util.Locale;
import java.util.concurrent.Callable;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.belay.benchmarks.report.Report;
import dev.belay.benchmarks.report.Table;
import dev.belay.benchmarks.report.Target;
import dev.belay.contracts.Json;
import dev.belay.statistics.Alternatives;
import dev.belay.statistics.Direction;
import dev.belay.statistics.OutcomeMode;
import dev.belay.statistics.RatioProcess;
import dev.belay.statistics.RatioTest;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures what the statistics cost. */
@Command(
        name = "statistics",
        mixinStandardHelpOptions = true,
        description =
                "One block of evidence beside its bare logarithms, a thousand guardrails, bytes of state. By JMH.")
public final class StatisticsCommand implements Callable<Integer> {
    private static final double MILLIS = 1_000;
    private static final double OVER_FLOOR = 1.3;
    /** What the measurement itself allocates, spread over all calls, is less. */
    private static final double HALF_A_BYTE = 0.5;

    @Spec
    @Nullable
    CommandSpec spec;

    @Option(names = "--forks", description = "JVMs to measure in, in turn (default: ${DEFAULT-VALUE})")
    int forks = 3;

    @Option(names = "--iterations", description = "measurements in each (default: ${DEFAULT-VALUE})")
    int iterations = 5;

    @Option(names = "--seconds", description = "seconds of each measurement (default: ${DEFAULT-VALUE})")
    int seconds = 1;

    @Override
    public Integer call() throws RunnerException, JsonProcessingException {
        Report report = new Report(spec);
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                        .include(RatioBenchmark.class.getSimpleName())
                        .include(FleetBenchmark.class.getSimpleName())
                        .addProfiler(GCProfiler.class)
                        .forks(forks)
                        .warmupIterations(iterations)
                        .warmupTime(TimeValue.seconds(seconds))
                        .measurementIterations(iterations)
                        .measurementTime(TimeValue.seconds(seconds))
                        .verbosity(VerboseMode.SILENT)
                        .shouldFailOnError(true)
                        .build())
                .run();
        report.head();
        Table table = new Table("benchmark", "mean", "99.9 % interval, ±", "unit", "bytes allocated per call");
        results.forEach(result -> table.row(
                result.getPrimaryResult().getLabel(),
                number(result.getPrimaryResult().getScore()),
                number(result.getPrimaryResult().getScoreError()),
                result.getPrimaryResult().getScoreUnit(),
                number(allocated(result))));
        report.table(table);
        double bernoulli = score(results, "bernoulli");
        double floor = score(results, "floorOfBernoulli");
        double judged = FleetBenchmark.GUARDRAILS * FleetBenchmark.SCOPES * MILLIS / score(results, "judgeAll");
        report.line(Target.atMost(OVER_FLOOR, "a block of four alternatives over its logarithms")
                .judge(bernoulli / floor));
        report.line(
                Target.atMost(HALF_A_BYTE, "bytes allocated by a block").judge(allocated(find(results, "bernoulli"))));
        report.line(Target.atLeast(FleetBenchmark.GUARDRAILS * FleetBenchmark.SCOPES, "members judged per second")
                .judge(judged));
        report.line("* bytes of a member's state as JSON: " + bytes());
        return 0;
    }

    /** The state as a store keeps it, after some blocks: every number has all its digits. */
    private static int bytes() throws JsonProcessingException {
        RatioProcess process =
                RatioProcess.start(RatioTest.of(OutcomeMode.BERNOULLI, Alternatives.harm(Direction.DROP, 0.2, 0)));
        for (int block = 0; block < 100; block++) {
            process.update(950, 50, 90 + block % 7, 4 + block % 3);
        }
        return Json.mapper().writeValueAsBytes(process.snapshot()).length;
    }

    private static RunResult find(Collection<RunResult> results, String label) {
        return results.stream()
                .filter(result -> result.getPrimaryResult().getLabel().equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("nothing was measured of " + label));
    }

    private static double score(Collection<RunResult> results, String label) {
        return find(results, label).getPrimaryResult().getScore();
    }

    @SuppressWarnings("rawtypes") // JMH's own map is raw
    private static double allocated(RunResult result) {
        return result.getSecondaryResults().entrySet().stream()
                .filter(entry -> entry.getKey().endsWith("gc.alloc.rate.norm"))
                .mapToDouble(entry -> entry.getValue().getScore())
                .findFirst()
                .orElse(Double.NaN);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%,.2f", value);
    }
}
