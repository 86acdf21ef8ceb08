// SPDX-License-Identifier: Apache-2.0
package dev.belay.cli;

import java.io.IOException;
import java.io.PrintStream;

import dev.belay.manifest.ManifestError;
import dev.belay.manifest.ManifestException;

/** Says what went wrong: a sentence, then one line per refused field. */
final class Failures {
    private Failures() {}

    /** Returns the exit code. */
    static int print(Exception problem, PrintStream err) {
        if (problem instanceof ManifestException manifest) {
            err.println("belay: nothing was applied");
            manifest.errors().forEach(error -> err.println("  " + line(error)));
        } else if (problem instanceof RefusedException refused) {
            err.println("belay: " + refused.getMessage());
            refused.fields().forEach(field -> err.println("  " + field));
        } else {
            err.println("belay: " + sentence(problem));
        }
        return 1;
    }

    private static String line(ManifestError error) {
        return "document " + (error.document() + 1) + ": " + error.sentence();
    }

    private static String sentence(Exception problem) {
        if (problem instanceof InterruptedException) {
            return "interrupted";
        }
        String message = problem.getMessage();
        boolean isExpected = problem instanceof IOException || problem instanceof IllegalArgumentException;
        return isExpected && message != null ? message : problem.toString();
    }
}
