// SPDX-License-Identifier: Apache-2.0
package dev.belay.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs the packaged application as the `belay` script does. */
final class BuiltApplication {
    private static final Path JAR =
            Path.of("target", "quarkus-app", "quarkus-run.jar").toAbsolutePath();

    /**
     * What a run left.
     *
     * @param code exit code
     * @param output everything it wrote
     */
    record Run(int code, String output) {}

    private BuiltApplication() {}

    static Run run(Duration patience, String... words) throws IOException, InterruptedException {
        Path output = Files.createTempFile("belay", ".out");
        Process process = new ProcessBuilder(command(words))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        if (!process.waitFor(patience.toSeconds(), TimeUnit.SECONDS)) {
            process.destroy();
            process.waitFor();
            throw new AssertionError("not over after " + patience + ":\n" + Files.readString(output));
        }
        Run run = new Run(process.exitValue(), Files.readString(output));
        Files.delete(output);
        return run;
    }

    private static List<String> command(String... words) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command = new ArrayList<>(
                List.of(java, "-Xmx1g", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-jar", JAR.toString()));
        command.addAll(List.of(words));
        return command;
    }
}
