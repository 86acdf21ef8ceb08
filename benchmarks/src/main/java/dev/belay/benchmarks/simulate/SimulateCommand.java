// SPDX-License-Identifier: Apache-2.0
package dev.belay.benchmarks.simulate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import dev.belay.benchmarks.report.Report;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Simulates rollouts and says how often rules are wrong and what it costs until they are right. */
@Command(
        name = "simulate",
        mixinStandardHelpOptions = true,
        description =
                "False rollbacks, and users harmed before a rollback, of our rule and of others' on the same streams."
                        + " An interrupted run goes on where it stopped.")
public final class SimulateCommand implements Callable<Integer> {
    private static final int FALSE_BATCH = 50;
    private static final int HARM_BATCH = 100;

    @Spec
    @Nullable
    CommandSpec spec;

    @Option(names = "--seed", description = "seed of everything (default: ${DEFAULT-VALUE})")
    long seed = 20_260_105;

    @Option(
            names = "--rollouts",
            description = "rollouts without an effect in each cell, in fifties (default: ${DEFAULT-VALUE})")
    int rollouts = 10_000;

    @Option(names = "--peeks", description = "peeks of each of them (default: ${DEFAULT-VALUE})")
    int peeks = 50_000;

    @Option(
            names = "--harmful",
            description = "rollouts with an effect in each cell, and of those without for HEALTHY, in hundreds"
                    + " (default: ${DEFAULT-VALUE})")
    int harmful = 4_000;

    @Option(names = "--threads", description = "threads (default: one for each core)")
    int threads = Runtime.getRuntime().availableProcessors();

    @Option(
            names = "--ledger",
            paramLabel = "DIR",
            description = "where batches are written down, and found again (default: ${DEFAULT-VALUE})")
    Path ledger = Path.of("benchmarks/target/simulation");

    @Option(names = "--plots", paramLabel = "DIR", description = "where plots are written as SVG (default: nowhere)")
    @Nullable
    Path plots;

    /** Some rollouts of a cell. */
    private record Batch(Cell cell, int number, int size) {}

    @Override
    public Integer call() throws IOException, InterruptedException, ExecutionException {
        requireSizes();
        Report report = new Report(spec);
        // Batches of other options are other batches.
        Ledger done = new Ledger(ledger.resolve("seed-" + seed + "-peeks-" + peeks + ".tsv"));
        run(done);
        Results results = new Results(done, rollouts / FALSE_BATCH, harmful / HARM_BATCH);
        report.head();
        results.write(report);
        report.line("### One set of users, delivered in 200 orders\n");
        report.table(Deliveries.table(seed));
        if (plots != null) {
            new Plots(results).write(plots);
        }
        return 0;
    }

    private void requireSizes() {
        require(rollouts >= FALSE_BATCH, "--rollouts must be at least " + FALSE_BATCH + ", was " + rollouts);
        require(harmful >= HARM_BATCH, "--harmful must be at least " + HARM_BATCH + ", was " + harmful);
        require(peeks >= 1, "--peeks must be at least 1, was " + peeks);
        require(threads >= 1, "--threads must be at least 1, was " + threads);
    }

    private void require(boolean condition, String sentence) {
        if (!condition && spec != null) {
            throw new ParameterException(spec.commandLine(), sentence);
        }
    }

    private void run(Ledger done) throws InterruptedException, ExecutionException {
        List<Batch> missing = batches().stream()
                .filter(batch -> !done.has(batch.cell(), batch.number()))
                .toList();
        ProgressBar bar = new ProgressBar(System.err, missing.size());
        ExecutorService workers = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (Batch batch : missing) {
                running.add(workers.submit(() -> run(batch, done, bar)));
            }
            for (Future<?> each : running) {
                each.get();
            }
        } finally {
            workers.shutdownNow();
        }
    }

    private void run(Batch batch, Ledger done, ProgressBar bar) {
        int from = batch.number() * batch.size();
        done.add(batch.cell(), batch.number(), Trial.run(batch.cell(), seed, from, from + batch.size(), peeks));
        bar.step(batch.cell().name());
    }

    /** The short ones first: a long run shows early whether it is worth waiting for. */
    private List<Batch> batches() {
        List<Batch> all = new ArrayList<>();
        List<Cell> quick = new ArrayList<>(Cells.harms());
        quick.addAll(Cells.healths());
        for (Cell cell : quick) {
            for (int number = 0; number < harmful / HARM_BATCH; number++) {
                all.add(new Batch(cell, number, HARM_BATCH));
            }
        }
        for (int number = 0; number < rollouts / FALSE_BATCH; number++) {
            for (Cell cell : Cells.falseRollbacks()) {
                all.add(new Batch(cell, number, FALSE_BATCH));
            }
        }
        return all;
    }
}
