// SPDX-License-Identifier: Apache-2.0
package dev.belay.standalone.replay;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;

import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a recorded experiment, one a unit's visit.
 *
 * @param rows rows in the order of their times, or of the file without them
 * @param dropped rows that contradict {@code --require}
 */
record Recording(List<Row> rows, long dropped) {
    private static final Set<String> TRUE = Set.of("1", "true", "yes");
    private static final Set<String> FALSE = Set.of("0", "false", "no", "");

    /**
     * One visit.
     *
     * @param number number of the row in the file, from 1
     * @param unit who
     * @param treatment whether it had the treatment
     * @param converted whether it did what is measured
     * @param at when; null without {@code --at}
     * @param dimension value of {@code --dimension}; null without
     */
    record Row(
            long number,
            String unit,
            boolean treatment,
            boolean converted,
            @Nullable Instant at,
            @Nullable String dimension) {}

    /**
     * Which column means what.
     *
     * @param unit column of the unit's id
     * @param at column of the time; null for the file's order
     * @param variant column of the variant
     * @param treatment value of that column that means treatment; every other value is control
     * @param converted column of the outcome: 1, true, yes or 0, false, no, nothing, in any case
     * @param require what a row must hold; null for nothing
     * @param dimension column of a dimension; null for none
     */
    record Columns(
            String unit,
            @Nullable String at,
            String variant,
            String treatment,
            String converted,
            @Nullable Requirement require,
            @Nullable String dimension) {}

    /**
     * What a column must hold in either arm.
     *
     * @param column its name
     * @param control value in rows of control
     * @param treatment value in rows of the treatment
     */
    record Requirement(String column, String control, String treatment) {
        /** @throws IllegalArgumentException unless the text has the form {@code C=X|Y} */
        static Requirement parse(String text) {
            int equals = text.indexOf('=');
            int bar = text.indexOf('|', equals);
            if (equals < 1 || bar < 0) {
                throw new IllegalArgumentException(
                        "--require must have the form COLUMN=CONTROL|TREATMENT, was " + text);
            }
            return new Requirement(text.substring(0, equals), text.substring(equals + 1, bar), text.substring(bar + 1));
        }
    }

    /**
     * Reads a CSV file with a header line, gzipped or not.
     *
     * @throws IllegalArgumentException if a column is missing or a value cannot be read; the message names row and column
     */
    static Recording read(Path file, Columns columns) throws IOException {
        List<Row> rows = new ArrayList<>();
        long number = 0;
        long dropped = 0;
        try (InputStream in = open(file);
                MappingIterator<Map<String, String>> lines = new CsvMapper()
                        .readerForMapOf(String.class)
                        .with(CsvSchema.emptySchema().withHeader())
                        .readValues(in)) {
            while (lines.hasNext()) {
                Map<String, String> line = lines.next();
                number++;
                Row row = row(line, number, columns);
                if (contradicts(line, row, columns.require(), number)) {
                    dropped++;
                } else {
                    rows.add(row);
                }
            }
        }
        if (columns.at() != null) {
            rows.sort(Comparator.comparing(Recording::time));
        }
        return new Recording(List.copyOf(rows), dropped);
    }

    private static Instant time(Row row) {
        return row.at() == null ? Instant.EPOCH : row.at();
    }

    private static InputStream open(Path file) throws IOException {
        InputStream in = new BufferedInputStream(Files.newInputStream(file));
        return file.toString().endsWith(".gz") ? new GZIPInputStream(in) : in;
    }

    private static Row row(Map<String, String> line, long number, Columns columns) {
        return new Row(
                number,
                value(line, columns.unit(), number),
                value(line, columns.variant(), number).equals(columns.treatment()),
                truth(value(line, columns.converted(), number), columns.converted(), number),
                columns.at() == null ? null : time(value(line, columns.at(), number), columns.at(), number),
                columns.dimension() == null ? null : value(line, columns.dimension(), number));
    }

    private static boolean contradicts(Map<String, String> line, Row row, @Nullable Requirement require, long number) {
        if (require == null) {
            return false;
        }
        String wanted = row.treatment() ? require.treatment() : require.control();
        return !value(line, require.column(), number).equals(wanted);
    }

    private static String value(Map<String, String> line, String column, long number) {
        String value = line.get(column);
        if (value == null) {
            throw new IllegalArgumentException(
                    "row " + number + ": column " + column + " must be one of " + line.keySet() + " and have a value");
        }
        return value.trim();
    }

    private static boolean truth(String value, String column, long number) {
        String lower = value.toLowerCase(Locale.ROOT);
        if (!TRUE.contains(lower) && !FALSE.contains(lower)) {
            throw new IllegalArgumentException(
                    "row " + number + ": " + column + " must be 1, true, yes, 0, false or no, was " + value);
        }
        return TRUE.contains(lower);
    }

    /** Takes ISO-8601 with and without an offset (then UTC), with a space for the T, and epoch seconds. */
    private static Instant time(String value, String column, long number) {
        String iso = value.replace(' ', 'T');
        try {
            if (iso.matches("\\d{9,11}(\\.\\d+)?")) {
                return Instant.ofEpochMilli(Math.round(Double.parseDouble(iso) * 1000));
            }
            return iso.matches(".*(Z|[+-]\\d{2}:?\\d{2})$")
                    ? OffsetDateTime.parse(iso).toInstant()
                    : LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("row " + number + ": " + column + " must be a time, was " + value, e);
        }
    }
}
