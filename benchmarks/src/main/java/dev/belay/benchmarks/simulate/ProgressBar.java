// SPDX-License-Identifier: Apache-2.0
package dev.belay.benchmarks.simulate;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/** Shows how far a long run has got, on one line that is written over. */
final class ProgressBar {
    private static final int WIDTH = 40;
    private static final double PERCENT = 100;

    private final PrintStream err;
    private final int all;
    private final long startedAt = System.nanoTime();
    private int done;

    ProgressBar(PrintStream err, int all) {
        this.err = err;
        this.all = all;
    }

    synchronized void step(String what) {
        done++;
        double share = (double) done / all;
        int filled = (int) (WIDTH * share);
        Duration left = Duration.ofNanos((long) ((System.nanoTime() - startedAt) * (1 - share) / share));
        err.printf(
                Locale.ROOT,
                "\r[%s%s] %3.0f %% about %d:%02d:%02d left  %-28s",
                "#".repeat(filled),
                "-".repeat(WIDTH - filled),
                PERCENT * share,
                left.toHours(),
                left.toMinutesPart(),
                left.toSecondsPart(),
                what);
        if (done == all) {
            err.println();
        }
        err.flush();
    }
}
