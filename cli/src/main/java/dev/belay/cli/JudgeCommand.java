// SPDX-License-Identifier: Apache-2.0
package dev.belay.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.belay.statistics.Direction;
import dev.belay.statistics.LoneGuardrail;
import dev.belay.statistics.LoneGuardrail.Look;
import dev.belay.statistics.LoneGuardrail.Question;
import dev.belay.statistics.OutcomeMode;
import dev.belay.statistics.Sensitivity;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Judges blocks of counts by hand, without a server: the evidence after each. */
@Command(
        name = "judge",
        mixinStandardHelpOptions = true,
        description = "Judges blocks of counts: the evidence after each, at full precision. Needs no server.",
        footer = {
            "",
            "Reads a block a line, units and events of control and treatment:",
            "  {\"stratum\":0,\"nC\":950,\"nT\":50,\"sC\":19,\"sT\":1}",
            "In bernoulli mode the events are those of the block's own units, in arrival mode they are the new ones,"
                    + " and the units the size of the cohorts so far. The guardrail is alone, in the scope of the rollout,"
                    + " and has all the weight. Writes a line for each, logs to base e:",
            "  {\"block\":0,\"logHarm\":..,\"logHealthy\":..,\"ratio\":..,",
            "   \"lower\":..,\"upper\":..,\"verdict\":\"UNDECIDED\"}",
            "or BREACHED, for good, or HEALTHY; null where there is no ratio or no upper end of it.",
            "A line may have \"mode\", which must be that of --mode, and in arrival mode \"dispersion\": what events are"
                    + " divided by where units have several, at least 1."
        })
final class JudgeCommand implements Callable<Integer> {
    private static final Map<String, OutcomeMode> MODES =
            Map.of("bernoulli", OutcomeMode.BERNOULLI, "arrival", OutcomeMode.ARRIVAL);
    private static final Map<String, Sensitivity> SENSITIVITIES =
            Map.of("balanced", Sensitivity.BALANCED, "tolerant", Sensitivity.TOLERANT);
    private static final Map<String, Boolean> UNITS = Map.of("cohort", true, "new", false);

    private final Terminal terminal;

    @Spec
    @Nullable
    CommandSpec spec;

    @Parameters(index = "0", paramLabel = "FILE", description = "file of blocks, - for standard input")
    String file = "";

    @Option(names = "--mode", required = true, paramLabel = "MODE", description = "bernoulli or arrival")
    String mode = "";

    @ArgGroup(multiplicity = "1")
    Limit limit = new Limit();

    @Option(
            names = "--sensitivity",
            paramLabel = "PRESET",
            description = "balanced or tolerant (default: ${DEFAULT-VALUE})")
    String sensitivity = "balanced";

    @Option(
            names = "--alpha",
            paramLabel = "P",
            description = "probability of a false breach (default: ${DEFAULT-VALUE})")
    double alpha = 0.01;

    @Option(
            names = "--beta",
            paramLabel = "P",
            description = "probability of calling a change of the limit healthy (default: ${DEFAULT-VALUE})")
    double beta = 0.05;

    @Option(names = "--q0", paramLabel = "P", description = "events per unit of control before the rollout, if known")
    @Nullable
    Double baseRate;

    @Option(
            names = "--units",
            paramLabel = "UNITS",
            description =
                    "what units of a block are in arrival mode: cohort, all so far, or new (default: ${DEFAULT-VALUE})")
    String units = "cohort";

    /** The change that is forbidden. */
    static final class Limit {
        @Option(names = "--falls", paramLabel = "SHARE", description = "falling by this share is harm, 0.20 for 20 %%")
        @Nullable
        Double falls;

        @Option(names = "--rises", paramLabel = "SHARE", description = "rising by this share is harm, 0.30 for 30 %%")
        @Nullable
        Double rises;
    }

    JudgeCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        LoneGuardrail guardrail = guardrail();
        BlockLines lines = new BlockLines(file.equals("-") ? "standard input" : file, mode);
        int number = 0;
        try (BufferedReader blocks = open()) {
            for (String line = blocks.readLine(); line != null; line = blocks.readLine()) {
                BlockLines.@Nullable Line block = lines.next(line);
                if (block != null) {
                    terminal.out().println(json(number++, lines.judged(guardrail, block)));
                }
            }
        }
        return 0;
    }

    private LoneGuardrail guardrail() {
        OutcomeMode outcomes = choice("--mode", MODES, mode);
        boolean isCohort = choice("--units", UNITS, units) && outcomes == OutcomeMode.ARRIVAL;
        Sensitivity preset = choice("--sensitivity", SENSITIVITIES, sensitivity);
        Direction direction = limit.falls == null ? Direction.RISE : Direction.DROP;
        double threshold = limit.falls == null ? requireRises() : limit.falls;
        try {
            return new LoneGuardrail(new Question(
                    outcomes,
                    direction,
                    threshold,
                    preset,
                    alpha,
                    beta,
                    baseRate == null ? OptionalDouble.empty() : OptionalDouble.of(baseRate),
                    isCohort));
        } catch (IllegalArgumentException e) {
            throw wrong(asOption(String.valueOf(e.getMessage())));
        }
    }

    private double requireRises() {
        if (limit.rises == null) {
            throw wrong("--falls or --rises must be given");
        }
        return limit.rises;
    }

    /** The statistics name their own parameters; here they are options. */
    private String asOption(String sentence) {
        return sentence.replaceFirst("^threshold of a (DROP|RISE)", limit.falls == null ? "--rises" : "--falls")
                .replaceFirst("^alpha", "--alpha")
                .replaceFirst("^beta", "--beta")
                .replaceFirst("^baseRate", "--q0");
    }

    private <T> T choice(String option, Map<String, T> choices, String given) {
        T chosen = choices.get(given);
        if (chosen == null) {
            throw wrong(option + " must be one of "
                    + String.join(", ", choices.keySet().stream().sorted().toList()) + ", was " + given);
        }
        return chosen;
    }

    private ParameterException wrong(String sentence) {
        if (spec == null) {
            throw new IllegalArgumentException(sentence);
        }
        return new ParameterException(spec.commandLine(), sentence);
    }

    private BufferedReader open() throws IOException {
        Path path = terminal.folder().resolve(file);
        try {
            InputStream blocks = file.equals("-") ? terminal.in() : Files.newInputStream(path);
            return new BufferedReader(new InputStreamReader(blocks, StandardCharsets.UTF_8));
        } catch (NoSuchFileException e) {
            throw new IOException("there is no file " + path, e);
        }
    }

    private static ObjectNode json(int number, Look look) {
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        line.put("block", number).put("logHarm", look.logHarm()).put("logHealthy", look.logHealthy());
        if (look.ratio().isPresent()) {
            line.put("ratio", look.ratio().getAsDouble());
        } else {
            line.putNull("ratio");
        }
        line.put("lower", look.interval().lower());
        if (look.interval().hasUpperBound()) {
            line.put("upper", look.interval().upper());
        } else {
            line.putNull("upper");
        }
        return line.put("verdict", look.verdict().name());
    }
}
