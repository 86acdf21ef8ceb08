// SPDX-License-Identifier: Apache-2.0
package dev.belay.benchmarks.simulate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/**
 * What has been simulated so far, a line per batch and rule, appended to a file: an interrupted simulation goes on where it stopped, and a
 * longer one adds to a shorter.
 */
final class Ledger {
    private static final String TAB = "\t";
    private static final int FIELDS = 7;

    private final Path file;
    private final Map<String, Map<Contestant, Tally>> batches = new HashMap<>();

    Ledger(Path file) throws IOException {
        this.file = file;
        Files.createDirectories(file.toAbsolutePath().getParent());
        if (Files.exists(file)) {
            for (String line : Files.readAllLines(file)) {
                read(line);
            }
        }
    }

    /** A line that was cut off by an interruption lacks its end mark, and its batch is run again. */
    private void read(String line) {
        String[] fields = line.split(TAB, -1);
        if (fields.length == FIELDS && fields[FIELDS - 1].equals("end")) {
            batches.computeIfAbsent(fields[0], any -> new EnumMap<>(Contestant.class))
                    .put(Contestant.valueOf(fields[1]), Tally.read(fields, 2));
        }
    }

    synchronized boolean has(Cell cell, int batch) {
        Map<Contestant, Tally> known = batches.get(key(cell, batch));
        return known != null && known.size() == participants(cell);
    }

    /** Adds a batch; safe from several threads. */
    synchronized void add(Cell cell, int batch, Map<Contestant, Tally> tallies) {
        StringBuilder lines = new StringBuilder();
        tallies.forEach((contestant, tally) -> lines.append(key(cell, batch))
                .append(TAB)
                .append(contestant.name())
                .append(TAB)
                .append(tally.written())
                .append(TAB)
                .append("end\n"));
        try {
            Files.writeString(
                    file, lines, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        batches.put(key(cell, batch), tallies);
    }

    /** Returns what a rule did in the first batches of a cell. */
    synchronized Tally sum(Cell cell, Contestant contestant, int until) {
        Tally sum = Tally.NONE;
        for (int batch = 0; batch < until; batch++) {
            sum = sum.plus(batches.getOrDefault(key(cell, batch), Map.of()).getOrDefault(contestant, Tally.NONE));
        }
        return sum;
    }

    private static String key(Cell cell, int batch) {
        return cell.key() + " batch " + batch;
    }

    private static int participants(Cell cell) {
        int count = 0;
        for (Contestant contestant : Contestant.values()) {
            count += contestant.takesPartIn(cell) ? 1 : 0;
        }
        return count;
    }
}
