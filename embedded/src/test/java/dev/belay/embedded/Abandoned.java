// SPDX-License-Identifier: Apache-2.0
package dev.belay.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A process that starts a database, says its process id and is gone before it could stop it. */
final class Abandoned {
    private Abandoned() {}

    public static void main(String... args) throws IOException {
        EmbeddedDatabase.start(Path.of(args[0]), 0);
        Path lock = Path.of(args[0], "data", "postmaster.pid");
        System.out.println(Files.readAllLines(lock).get(0).trim());
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }
}
