// SPDX-License-Identifier: Apache-2.0
package dev.belay.benchmarks.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Folders of a run. */
public final class Place {
    /** Where the source tree is, as {@code benchmarks/run} says. */
    private static final String HOME = "belay.home";

    private Place() {}

    /** @throws IllegalStateException if the run was not started by {@code benchmarks/run} */
    public static Path home() {
        String home = System.getProperty(HOME);
        if (home == null) {
            throw new IllegalStateException("start with benchmarks/run: " + HOME + " is not set");
        }
        return Path.of(home);
    }

    /** Returns an empty folder for a run; it stays, because logs are in it, until the build folder is cleaned. */
    public static Path work(String name) throws IOException {
        Path folder = home().resolve("benchmarks/target/work").resolve(name);
        delete(folder);
        return Files.createDirectories(folder);
    }

    /** Returns the bytes of all files under a folder. */
    public static long bytes(Path folder) throws IOException {
        long sum = 0;
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                sum += Files.size(file);
            }
        }
        return sum;
    }

    /** Deletes a folder and all that is in it. */
    public static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.deleteIfExists(file);
            }
        }
    }
}
