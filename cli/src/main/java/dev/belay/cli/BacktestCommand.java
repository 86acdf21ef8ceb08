// SPDX-License-Identifier: Apache-2.0
package dev.belay.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.belay.contracts.rollouts.Guardrail;
import dev.belay.contracts.rollouts.Plan;
import dev.belay.contracts.verdicts.Counts;
import dev.belay.contracts.verdicts.Estimate;
import dev.belay.judging.backtest.Backtest;
import dev.belay.judging.backtest.BacktestPlan;
import dev.belay.judging.backtest.RecordedVisit;
import dev.belay.judging.backtest.Recordings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What guardrails would have done about a recorded experiment. */
@Command(
        name = "backtest",
        mixinStandardHelpOptions = true,
        description = "Says when guardrails would have rolled a recorded experiment back, and how often by mistake."
                + " Needs no server.",
        footer = {
            "",
            "Every row is a visit, judged in every block by the code that judges live; a unit that saw both variants is"
                    + " not compared. The recording is one stage, so guardrails have no members for stages. Dimensions"
                    + " are judged by segment too.",
            "With --shuffle the arms are dealt out to the units anew, so that nothing differs between them: what rolls"
                    + " back then is a mistake, and at most 1 of 100 do on average."
        })
final class BacktestCommand implements Callable<Integer> {
    private static final int MOST_SHUFFLES = 100_000;
    private static final double DEFAULT_FALLS = 0.20;
    private static final String STANDARD = "-";

    private final Terminal terminal;

    @Spec
    @Nullable
    CommandSpec spec;

    @Parameters(
            index = "0",
            paramLabel = "FILE",
            description = "CSV with a header line, or one JSON object a line; gzip too; - for standard input")
    String file = "";

    @Option(names = "--unit", required = true, paramLabel = "C", description = "column of the unit's id")
    String unit = "";

    @Option(
            names = "--at",
            required = true,
            paramLabel = "C",
            description = "column of the time: ISO-8601, UTC without an offset, or epoch seconds")
    String at = "";

    @Option(names = "--variant", required = true, paramLabel = "C", description = "column of the variant")
    String variant = "";

    @Option(
            names = "--treatment",
            required = true,
            paramLabel = "VALUE",
            description = "its value that means treatment")
    String treatment = "";

    @Option(
            names = "--control",
            paramLabel = "VALUE",
            description = "its value that means control (default: all others)")
    @Nullable
    String control;

    @Option(
            names = "--converted",
            required = true,
            paramLabel = "C",
            description = "column of the outcome: 1, true, yes or 0, false, no, nothing")
    String converted = "";

    @Option(names = "--dimension", paramLabel = "C", description = "column of a dimension; may be repeated")
    List<String> dimensions = new ArrayList<>();

    @Option(
            names = "--require",
            paramLabel = "C=X|Y",
            description = "keep rows whose column C is X in control and Y in treatment")
    @Nullable
    String require;

    @ArgGroup(multiplicity = "0..1")
    Limit limit = new Limit();

    @Option(
            names = "--metric",
            paramLabel = "NAME",
            description = "metric, input or guardrail of the template that the outcome is"
                    + " (default: the first that may not fall)")
    @Nullable
    String metric;

    @Option(
            names = "--thin-treatment",
            paramLabel = "P",
            description = "leave out treated conversions with probability P: 0.3 or 30%%")
    @Nullable
    String thinTreatment;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "seed of what is left out and of the shuffling (default: ${DEFAULT-VALUE})")
    long seed = 1;

    @Option(names = "--shuffle", paramLabel = "N", description = "also deal the arms out anew, so many times")
    int shuffles;

    @Option(names = "--json", paramLabel = "FILE", description = "write the result there, - for standard output")
    @Nullable
    String json;

    /** What the recording is judged by. */
    static final class Limit {
        @Option(names = "--falls", paramLabel = "SHARE", description = "falling by this share is harm (default: 20%%)")
        @Nullable
        String falls;

        @Option(names = "--rises", paramLabel = "SHARE", description = "rising by this share is harm")
        @Nullable
        String rises;

        @Option(
                names = "--template",
                paramLabel = "FILE",
                description = "template whose guardrails judge, with its metrics")
        @Nullable
        String template;
    }

    BacktestCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        double thinning = thinning();
        if (shuffles < 0 || shuffles > MOST_SHUFFLES) {
            throw wrong("--shuffle must lie in [0, " + MOST_SHUFFLES + "], was " + shuffles);
        }
        RecordingFile.Columns columns = columns();
        BacktestPlan question = question();
        RecordingFile.Recording recording = read(columns);
        List<RecordedVisit> visits = Recordings.thinned(recording.visits(), thinning, seed);
        Backtest.Finding finding = Backtest.run(question, visits);
        int falseFires = falseFires(question, visits);
        Map<String, Long> excluded = new TreeMap<>(finding.excluded());
        excluded.putAll(recording.excluded());
        ObjectNode result = result(finding, excluded, falseFires);
        if (!STANDARD.equals(json)) {
            terminal.out().print(new BacktestPage(question, finding, excluded, shuffles, falseFires).text());
        }
        write(result);
        return 0;
    }

    private double thinning() {
        if (thinTreatment == null) {
            return 0;
        }
        double thinning = share("--thin-treatment", thinTreatment);
        if (thinning > 1) {
            throw wrong("--thin-treatment must lie in [0, 1], was " + thinTreatment);
        }
        return thinning;
    }

    private RecordingFile.Columns columns() {
        try {
            RecordingFile.Requirement requirement = require == null ? null : RecordingFile.Requirement.parse(require);
            return new RecordingFile.Columns(unit, at, variant, treatment, control, converted, dimensions, requirement);
        } catch (IllegalArgumentException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
    }

    private BacktestPlan question() throws IOException {
        if (limit.template != null) {
            return BacktestQuestion.of(limit.template, terminal.read(limit.template), metric, dimensions);
        }
        if (metric != null) {
            throw wrong("--metric must come with --template, was " + metric);
        }
        if (limit.rises != null) {
            double rises = share("--rises", limit.rises);
            require(rises > 0, "--rises must be above 0%", limit.rises);
            return BacktestQuestion.of(Guardrail.Limit.RISES, rises, dimensions);
        }
        double falls = limit.falls == null ? DEFAULT_FALLS : share("--falls", limit.falls);
        require(falls > 0 && falls < 1, "--falls must be above 0% and below 100%", limit.falls);
        return BacktestQuestion.of(Guardrail.Limit.FALLS, falls, dimensions);
    }

    private RecordingFile.Recording read(RecordingFile.Columns columns) throws IOException {
        boolean isStandard = file.equals(STANDARD);
        try (InputStream in = isStandard ? terminal.in() : opened(file)) {
            return RecordingFile.read(isStandard ? "standard input" : file, in, columns);
        }
    }

    private InputStream opened(String name) throws IOException {
        Path path = terminal.folder().resolve(name);
        if (Files.isDirectory(path)) {
            throw new IOException(path + " must be a file, was a folder");
        }
        try {
            return Files.newInputStream(path);
        } catch (NoSuchFileException e) {
            throw new IOException("there is no file " + path, e);
        }
    }

    private int falseFires(BacktestPlan question, List<RecordedVisit> visits) {
        return (int) IntStream.rangeClosed(1, shuffles)
                .parallel()
                .filter(each -> Backtest.fires(question, Recordings.shuffled(visits, seed + each)))
                .count();
    }

    private ObjectNode result(Backtest.Finding finding, Map<String, Long> excluded, int falseFires) {
        Backtest.Firing firing = finding.firing();
        Estimate estimate = firing == null ? finding.estimate() : firing.estimate();
        ObjectNode result = JsonNodeFactory.instance.objectNode();
        result.put("fired", firing != null).put("guardrail", finding.guardrail());
        result.put("segment", firing == null ? null : firing.segment());
        result.put("at", firing == null ? null : firing.at().toString());
        result.put("treatedUsers", firing == null ? null : Long.valueOf(firing.treatedUnits()));
        put(result, estimate, firing == null ? finding.logHarm() : firing.logHarm());
        result.put("shuffles", shuffles).put("falseFires", falseFires).put("alpha", Plan.ALPHA);
        arm(result.putObject("control"), finding.control());
        arm(result.putObject("treatment"), finding.treatment());
        ObjectNode reasons = result.putObject("excluded");
        excluded.forEach(reasons::put);
        put(result.putObject("whole"), finding.estimate(), finding.logHarm());
        return result;
    }

    private static void put(ObjectNode node, Estimate estimate, double logHarm) {
        node.put("ratio", estimate.ratio()).put("lower", estimate.lower()).put("upper", estimate.upper());
        node.put("logHarm", Double.isFinite(logHarm) ? Double.valueOf(logHarm) : null);
    }

    private static void arm(ObjectNode node, Counts counts) {
        node.put("exposed", counts.exposed()).put("converted", counts.events());
    }

    private void write(ObjectNode result) throws IOException {
        if (STANDARD.equals(json)) {
            terminal.out().println(result);
        } else if (json != null) {
            Files.writeString(terminal.folder().resolve(json), result + "\n");
        }
    }

    private double share(String option, String text) {
        try {
            return Shares.parse(option, text);
        } catch (IllegalArgumentException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
    }

    private void require(boolean holds, String rule, @Nullable String value) {
        if (!holds) {
            throw wrong(rule + ", was " + value);
        }
    }

    private ParameterException wrong(String sentence) {
        if (spec == null) {
            throw new IllegalArgumentException(sentence);
        }
        return new ParameterException(spec.commandLine(), sentence);
    }
}
