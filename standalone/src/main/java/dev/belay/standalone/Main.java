// SPDX-License-Identifier: Apache-2.0
package dev.belay.standalone;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code belay up}, {@code belay demo} and {@code belay replay}: the commands that need the services in this process. */
@QuarkusMain
public final class Main {
    private static final Duration PUTTING_AWAY = Duration.ofSeconds(20);

    private Main() {}

    public static void main(String... args) {
        Locale.setDefault(Locale.ROOT);
        System.setOut(new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8));
        CommandLine commands = new CommandLine(new Belay())
                .addSubcommand("up", new UpCommand())
                .addSubcommand("demo", new DemoCommand())
                .addSubcommand("replay", new ReplayCommand())
                .setExecutionExceptionHandler((problem, command, parsed) -> {
                    command.getErr().println("belay: " + problem.getMessage());
                    return 1;
                });
        CountDownLatch over = new CountDownLatch(1);
        putAwayFirst(over);
        int code = commands.execute(args);
        over.countDown();
        // The JVM ends here and not when the last thread does: a broker keeps some.
        System.exit(code);
    }

    /** The parent of the commands. */
    @Command(name = "belay", mixinStandardHelpOptions = true, version = "belay 0.1.0")
    static final class Belay implements Runnable {
        @Override
        public void run() {
            CommandLine.usage(this, System.out);
        }
    }

    /** Where things run. */
    static final class Place {
        @Option(
                names = "--kafka",
                paramLabel = "HOST:PORT",
                description = "external broker instead of the embedded one")
        @Nullable
        String kafka;

        @Option(
                names = "--postgres",
                paramLabel = "JDBC-URL",
                description = "external database instead of the embedded one")
        @Nullable
        String postgres;

        @Option(names = "--postgres-user", defaultValue = "belay", description = "its user (default: ${DEFAULT-VALUE})")
        String postgresUser = "belay";

        @Option(
                names = "--postgres-password",
                defaultValue = "${env:BELAY_POSTGRES_PASSWORD:-}",
                description = "its password (default: $BELAY_POSTGRES_PASSWORD)")
        String postgresPassword = "";

        Installation.Settings settings(Path data, int port, Map<String, String> overrides) {
            return new Installation.Settings(data, port, kafka, 0, postgres, postgresUser, postgresPassword, overrides);
        }
    }

    /** Starts the installation, then the services, then the story; stops all of it in the reverse order. */
    static int run(Installation.Settings settings, Story story) throws IOException {
        try (Installation installation = Installation.start(settings)) {
            Services.HANDOVER.set(new Services.Handover(installation, story));
            int[] code = {1};
            Quarkus.run(Services.class, (exit, problem) -> {
                code[0] = exit;
                if (problem != null) {
                    System.err.println("belay: the services did not start: " + problem.getMessage() + " (see "
                            + installation.log() + ")");
                }
            });
            return code[0];
        }
    }

    /** Runs with a folder that is deleted afterwards. */
    static int runOnce(Place place, int port, Map<String, String> overrides, Story story) throws IOException {
        Path data = Files.createTempDirectory("belay");
        try {
            return run(place.settings(data, port, overrides), story);
        } finally {
            delete(data);
        }
    }

    /** What cannot be deleted stays where the system's temporary files are. */
    private static void delete(Path folder) {
        try (Stream<Path> walk = Files.walk(folder)) {
            for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException | UncheckedIOException e) {
            System.err.println("belay: " + folder + " could not be deleted: " + e.getMessage());
        }
    }

    /** Asked to stop from outside, the process ends when everything was put away, or after a while. */
    private static void putAwayFirst(CountDownLatch over) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                Services.interruptStory();
                over.await(PUTTING_AWAY.toSeconds(), TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
    }
}
