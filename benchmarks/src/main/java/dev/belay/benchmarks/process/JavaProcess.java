// SPDX-License-Identifier: Apache-2.0
package dev.belay.benchmarks.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A Java process whose output goes to a file. */
public final class JavaProcess implements AutoCloseable {
    private static final Duration STOP = Duration.ofSeconds(15);

    private final String name;
    private final Path output;
    private final Process process;

    private JavaProcess(String name, Path output, Process process) {
        this.name = name;
        this.output = output;
        this.process = process;
    }

    /**
     * Starts a process of this JVM's kind.
     *
     * @param name for people and for the file of its output
     * @param folder folder of its files, created when missing
     * @param arguments of {@code java}
     */
    public static JavaProcess start(String name, Path folder, List<String> arguments) throws IOException {
        Path output = Files.createDirectories(folder).resolve(name + ".out");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(arguments);
        Process started = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(started::destroyForcibly));
        return new JavaProcess(name, output, started);
    }

    /** Returns the arguments that run a command of this module with the same class path. */
    public static List<String> own(int heapMegabytes, String... command) {
        List<String> arguments = new ArrayList<>(List.of(
                "-Xmx" + heapMegabytes + "m",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.belay.benchmarks.Main"));
        arguments.addAll(List.of(command));
        return arguments;
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** @throws IllegalStateException if it has ended */
    public void requireAlive() {
        if (!process.isAlive()) {
            throw new IllegalStateException(
                    name + " ended with code " + process.exitValue() + "; it says in " + output);
        }
    }

    /** Returns the processor time it has used since its start. */
    public Duration cpu() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
