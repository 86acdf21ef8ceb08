// SPDX-License-Identifier: Apache-2.0
package dev.belay.standalone.replay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The words of {@code belay replay} and what they ask for. */
public final class ReplayRun {
    @Parameters(paramLabel = "FILE", description = "CSV file with a header line; .gz too")
    Path file = Path.of("");

    @Option(names = "--unit", required = true, paramLabel = "C", description = "column of the unit's id")
    String unit = "";

    @Option(names = "--at", paramLabel = "C", description = "column of the time (default: the file's order)")
    @Nullable
    String at;

    @Option(names = "--variant", required = true, paramLabel = "C", description = "column of the variant")
    String variant = "";

    @Option(
            names = "--treatment",
            required = true,
            paramLabel = "VALUE",
            description = "its value that means treatment")
    String treatment = "";

    @Option(names = "--converted", required = true, paramLabel = "C", description = "column of the outcome, 1/true/yes")
    String converted = "";

    @Option(
            names = "--require",
            paramLabel = "C=X|Y",
            description = "keep rows whose column C is X in control and Y in treatment")
    @Nullable
    String require;

    @Option(names = "--dimension", paramLabel = "C", description = "column of a dimension")
    @Nullable
    String dimension;

    @Option(
            names = "--thin-treatment",
            paramLabel = "P",
            description = "leave out treated conversions with probability P")
    double thinTreatment;

    @Option(names = "--seed", description = "seed of what is left out and of the shuffling (default: 1)")
    long seed = 1;

    @Option(names = "--shuffle-within", paramLabel = "60s", description = "deliver events late by up to this much")
    @Nullable
    String shuffleWithin;

    @Option(names = "--twice", description = "send everything twice, as a sender that had no answer does")
    boolean twice;

    @Option(names = "--json", paramLabel = "FILE", description = "write the result there")
    @Nullable
    Path json;

    @Option(names = "--server", paramLabel = "URL", description = "an installation that runs (default: one of its own)")
    @Nullable
    String server;

    @Option(names = "--key", defaultValue = "${env:BELAY_KEY:-}", description = "its admin key (default: $BELAY_KEY)")
    String key = "";

    @Option(names = "--flag", description = "key of the flag (default: experiment)")
    String flag = "experiment";

    /** @throws IllegalArgumentException if a word is out of range or the file is missing */
    public void check() {
        if (!Files.isReadable(file)) {
            throw new IllegalArgumentException("FILE must be a readable file, was " + file);
        }
        if (!(thinTreatment >= 0 && thinTreatment <= 1)) {
            throw new IllegalArgumentException("--thin-treatment must lie in [0, 1], was " + thinTreatment);
        }
        options();
    }

    /** Returns whether an installation that runs was named. */
    public boolean isElsewhere() {
        return server != null;
    }

    /**
     * Replays against the named installation, or the given one.
     *
     * @return exit code: 0 when everything was judged
     */
    public int play(String ownUrl, String ownKey) throws IOException, InterruptedException {
        String url = server == null ? ownUrl : server;
        new Replay(Replay.api(url, server == null ? ownKey : key), System.out, flag).play(options());
        return 0;
    }

    private Replay.Options options() {
        Recording.Requirement requirement = require == null ? null : Recording.Requirement.parse(require);
        return new Replay.Options(
                file,
                new Recording.Columns(unit, at, variant, treatment, converted, requirement, dimension),
                thinTreatment,
                seed,
                shuffleWithin == null ? null : duration(shuffleWithin),
                twice,
                json);
    }

    private static Duration duration(String text) {
        String number = text.replaceAll("[a-z]+$", "");
        String unitOfTime = text.substring(number.length()).toLowerCase(Locale.ROOT);
        if (!number.matches("\\d{1,9}")) {
            throw new IllegalArgumentException("--shuffle-within must be a duration such as 60s, was " + text);
        }
        long amount = Long.parseLong(number);
        return switch (unitOfTime) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> throw new IllegalArgumentException("--shuffle-within must end in ms, s, m or h, was " + text);
        };
    }
}
