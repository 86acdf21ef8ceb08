// SPDX-License-Identifier: Apache-2.0
package dev.belay.embedded;

import java.io.IOException;
import java.nio.file.Path;

/** A process that starts a database and is gone before it could stop it. */
final class Abandoned {
    private Abandoned() {}

    public static void main(String... args) throws IOException {
        EmbeddedDatabase.start(Path.of(args[0]), 0);
        Runtime.getRuntime().halt(0);
    }
}
