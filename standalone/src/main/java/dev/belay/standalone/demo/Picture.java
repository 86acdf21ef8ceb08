// SPDX-License-Identifier: Apache-2.0
package dev.belay.standalone.demo;

import java.io.PrintStream;
import java.util.List;

/** Draws the present moment: over the last one where there is a terminal, else as a line now and then. */
final class Picture {
    private static final long QUIET_NANOS = 5_000_000_000L;

    private final PrintStream out;
    private final boolean live;
    private int drawn;
    private long lastLine = System.nanoTime();

    Picture(PrintStream out, boolean live) {
        this.out = out;
        this.live = live;
    }

    /** Draws {@code lines} over the lines drawn before; without a terminal {@code line} instead, every five seconds. */
    void draw(List<String> lines, String line) {
        if (live) {
            erase();
            lines.forEach(out::println);
            drawn = lines.size();
        } else if (System.nanoTime() - lastLine > QUIET_NANOS) {
            out.println(line);
            lastLine = System.nanoTime();
        }
        out.flush();
    }

    /** Writes a line that stays. */
    void say(String line) {
        if (live) {
            erase();
        }
        out.println(line);
        out.flush();
    }

    private void erase() {
        if (drawn > 0) {
            out.print("\u001b[" + drawn + "A\u001b[J");
            drawn = 0;
        }
    }
}
