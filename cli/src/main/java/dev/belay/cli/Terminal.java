// SPDX-License-Identifier: Apache-2.0
package dev.belay.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;

/**
 * Where a command reads and writes.
 *
 * @param in what {@code -f -} reads
 * @param out results
 * @param err refusals
 * @param environment variables
 * @param folder the folder it was called in
 */
record Terminal(InputStream in, PrintStream out, PrintStream err, Map<String, String> environment, Path folder) {
    private static final String STANDARD = "-";

    /** Returns the text of a file, {@code -} for what is typed. */
    String read(String file) throws IOException {
        if (file.equals(STANDARD)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        Path path = folder.resolve(file);
        try {
            return Files.readString(path);
        } catch (NoSuchFileException e) {
            throw new IOException("there is no file " + path, e);
        }
    }

    /** Returns whether a person looks on, as the launcher found: then pages are drawn over each other. */
    boolean isWatched() {
        return "true".equals(environment.get("BELAY_TERMINAL"));
    }
}
