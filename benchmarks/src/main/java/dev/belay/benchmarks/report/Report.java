// SPDX-License-Identifier: Apache-2.0
package dev.belay.benchmarks.report;

import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** Writes the results of a run as Markdown, under what one needs to run it again. */
public final class Report {
    private final PrintWriter out;
    private final String command;
    private final double loadBefore;

    /** Begins a run of a command: how busy the machine is now will be in the report. */
    public Report(@Nullable CommandSpec spec) {
        if (spec == null) {
            throw new IllegalStateException("a benchmark is run by the command line");
        }
        List<String> options = spec.commandLine().getParseResult().originalArgs();
        this.out = spec.commandLine().getOut();
        this.command = "benchmarks/run " + String.join(" ", options);
        this.loadBefore = load();
    }

    /** Tells whoever waits what is going on; no part of the results. */
    public void progress(String text) {
        System.err.println(text);
    }

    /** Writes what was run, when and where. */
    public void head() {
        Runtime.Version java = Runtime.version();
        out.printf(
                Locale.ROOT,
                "`%s`, %s, %d cores, JDK %s (%s), %s %s, load average before the run %.2f%n%n",
                command,
                LocalDate.now(ZoneOffset.UTC),
                Runtime.getRuntime().availableProcessors(),
                java,
                System.getProperty("java.vendor"),
                System.getProperty("os.name"),
                System.getProperty("os.arch"),
                loadBefore);
        out.flush();
    }

    public void table(Table table) {
        out.println(table.text());
        out.flush();
    }

    public void line(String text) {
        out.println(text);
        out.flush();
    }

    private static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }
}
