// SPDX-License-Identifier: Apache-2.0
package dev.belay.systemtests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

import dev.belay.standalone.distributed.Service;
import dev.belay.systemtests.cluster.Fault;
import dev.belay.systemtests.cluster.Round;

/** The rounds of a run in {@code docs/benchmarks/faults.md}, one line each, written as soon as each is over. */
final class FaultsTable {
    private static final String HEADING = "## Rounds";
    private static final String SUMMARY = "**";
    private static final String KILLED = "killed";
    private static final String AWAY = "away";
    private static final String NEVER = "not reached";
    private static final String NONE = "none";

    private final Path file;
    private final String before;
    private final List<String> lines;

    /**
     * @param file page whose part after the heading is this table
     * @param command what was run, for the page
     * @param isFollowing whether the rounds that are there stay, because this run goes on where they end
     */
    FaultsTable(Path file, String command, boolean isFollowing) throws IOException {
        this.file = file;
        String text = Files.readString(file);
        int heading = text.indexOf(HEADING);
        this.before = heading < 0 ? text.strip() + "\n\n" : text.substring(0, heading);
        this.lines = isFollowing && heading >= 0
                ? new ArrayList<>(text.substring(heading)
                        .strip()
                        .lines()
                        .filter(line -> !line.startsWith(SUMMARY))
                        .toList())
                : new ArrayList<>(List.of(HEADING, ""));
        trim();
        lines.addAll(List.of(
                "",
                command,
                "",
                "| round | fault | what came of it | harm to off, ms | round, ms | users | violations |",
                "|---|---|---|---|---|---|---|"));
        write();
    }

    void add(Round.Result result) throws IOException {
        lines.add(row(result));
        write();
    }

    /** Returns one line: what happened is what was seen, whatever became of the story. */
    static String row(Round.Result result) {
        Fault fault = result.fault();
        String happened = result.happened() ? fault.kind().isKill() ? KILLED : AWAY : NEVER;
        return "| "
                + String.join(
                        " | ",
                        result.name(),
                        fault.text(),
                        happened,
                        result.harmToOffMillis() < 0 ? "never" : Long.toString(result.harmToOffMillis()),
                        Long.toString(result.tookMillis()),
                        Integer.toString(result.users()),
                        result.violations().isEmpty() ? NONE : oneLine(result.violations()))
                + " |";
    }

    private static String oneLine(List<String> violations) {
        return String.join("; ", violations).replace('\n', ' ').replace('|', '/');
    }

    /** Returns how many processes were killed in all rounds of the page. */
    long kills() {
        return rounds().stream().filter(FaultsTable::isKill).count();
    }

    /** Returns the lines of rounds that found something. */
    List<String> violations() {
        return rounds().stream()
                .filter(row -> !row.endsWith("| " + NONE + " |"))
                .toList();
    }

    /** Says at the end what all rounds come to. */
    void conclude() throws IOException {
        String services = Arrays.stream(Service.values())
                .map(service -> service.module() + " "
                        + rounds().stream()
                                .filter(row -> isKill(row) && row.contains(service.module()))
                                .count())
                .collect(Collectors.joining(", "));
        trim();
        lines.addAll(List.of(
                "",
                SUMMARY + rounds().size() + " rounds, " + kills() + " kills (" + services + "), "
                        + count(AWAY) + " other faults, " + count(NEVER) + " failpoints not reached, "
                        + violations().size() + " rounds with violations." + SUMMARY));
        write();
    }

    private long count(String happened) {
        return rounds().stream()
                .filter(row -> row.contains("| " + happened + " |"))
                .count();
    }

    private static boolean isKill(String row) {
        return row.contains("| " + KILLED + " |");
    }

    private List<String> rounds() {
        return lines.stream().filter(line -> line.startsWith("| s")).toList();
    }

    private void trim() {
        while (lines.get(lines.size() - 1).isBlank()) {
            lines.remove(lines.size() - 1);
        }
    }

    private void write() throws IOException {
        Files.writeString(file, before + String.join("\n", lines) + "\n");
    }
}
