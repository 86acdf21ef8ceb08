// SPDX-License-Identifier: Apache-2.0
package dev.belay.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import dev.belay.contracts.Json;
import org.jspecify.annotations.Nullable;

/** The rows of a file, each with the number of its line. */
final class RecordedRows {
    /** Names in a message; a file may have any number. */
    static final int MOST_SHOWN = 20;

    private static final char QUOTE = '"';
    private static final List<Character> SEPARATORS = List.of(',', ';', '\t');
    private static final CsvMapper CSV =
            CsvMapper.builder().enable(CsvParser.Feature.WRAP_AS_ARRAY).build();

    private final String name;
    private final BufferedReader lines;
    /** Columns by name; null where each row has its own. */
    private @Nullable Map<String, Integer> header;

    private ObjectReader cells = reader(',');
    private int number;
    private @Nullable String pushedBack;

    /**
     * A column that must be there.
     *
     * @param option the option that names it
     * @param column its name
     */
    record Needed(String option, String column) {}

    /** A row. */
    final class Row {
        private static final Set<String> TRUE = Set.of("1", "true", "yes");
        private static final Set<String> FALSE = Set.of("0", "false", "no", "");
        private static final Pattern SECONDS = Pattern.compile("\\d{9,11}(\\.\\d{1,9})?");
        private static final Pattern MILLIS = Pattern.compile("\\d{12,14}");
        private static final Pattern DAY = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");
        private static final Pattern WITH_OFFSET = Pattern.compile(".*(Z|z|[+-]\\d{2}(:?\\d{2})?)$");
        private static final double MILLIS_A_SECOND = 1_000;
        private static final int FARTHEST_YEAR = 9_999;

        private final int line;
        private final Map<String, String> values;

        private Row(int line, Map<String, String> values) {
            this.line = line;
            this.values = values;
        }

        /** Returns the value without the space around it; empty where there is none. */
        String optional(String column) {
            return values.getOrDefault(column, "");
        }

        String required(String column) throws IOException {
            String value = optional(column);
            if (value.isEmpty()) {
                throw refused(column, "must have a value", values.containsKey(column) ? "empty" : "missing");
            }
            return value;
        }

        boolean truth(String column) throws IOException {
            String value = values.get(column);
            String lower = value == null ? "" : value.toLowerCase(Locale.ROOT);
            if (value == null || (!TRUE.contains(lower) && !FALSE.contains(lower))) {
                throw refused(
                        column, "must be 1, true, yes or 0, false, no, nothing", value == null ? "missing" : value);
            }
            return TRUE.contains(lower);
        }

        /** Takes ISO-8601 with and without an offset (then UTC), with a space for the T, days, and epoch seconds and milliseconds. */
        Instant time(String column) throws IOException {
            String value = required(column);
            try {
                Instant at = parsed(value);
                if (Math.abs(at.atOffset(ZoneOffset.UTC).getYear()) <= FARTHEST_YEAR) {
                    return at;
                }
            } catch (DateTimeException | NumberFormatException e) {
                // The rule below says more than the exception does.
            }
            throw refused(column, "must be a time such as 2026-01-05 09:00:00 or 2026-01-05T09:00:00Z", value);
        }

        private static Instant parsed(String value) {
            if (SECONDS.matcher(value).matches()) {
                return Instant.ofEpochMilli(Math.round(Double.parseDouble(value) * MILLIS_A_SECOND));
            }
            if (MILLIS.matcher(value).matches()) {
                return Instant.ofEpochMilli(Long.parseLong(value));
            }
            if (DAY.matcher(value).matches()) {
                return LocalDate.parse(value).atStartOfDay().toInstant(ZoneOffset.UTC);
            }
            String iso = value.replaceFirst(" (?=\\d)", "T").replace(" ", "");
            return WITH_OFFSET
                            .matcher(iso.substring(Math.min(iso.length(), iso.indexOf('T') + 1)))
                            .matches()
                    ? OffsetDateTime.parse(iso.replaceFirst("([+-]\\d{2})(\\d{2})$", "$1:$2")
                                    .replaceFirst("([+-]\\d{2})$", "$1:00"))
                            .toInstant()
                    : LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC);
        }

        private IOException refused(String column, String rule, String value) {
            return RecordedRows.this.refused(line, "column " + column + " " + rule + ", was " + value);
        }
    }

    private RecordedRows(String name, BufferedReader lines) {
        this.name = name;
        this.lines = lines;
    }

    /**
     * Returns the rows of a file.
     *
     * @param needed columns that must be there
     * @throws IOException if a file with a header lacks one; the message names the option
     */
    static RecordedRows of(String name, BufferedReader lines, List<Needed> needed) throws IOException {
        RecordedRows rows = new RecordedRows(name, lines);
        String first = rows.nextLine();
        if (first == null) {
            throw new IOException(name + " must have a header line and rows, was empty");
        }
        // A mark of the byte order is no part of a name.
        String text = first.startsWith("\uFEFF") ? first.substring(1) : first;
        if (text.stripLeading().startsWith("{")) {
            rows.pushedBack = text;
        } else {
            rows.takeHeader(text, needed);
        }
        return rows;
    }

    /** Returns the next row, null after the last. */
    @Nullable
    Row next() throws IOException {
        String line = nextLine();
        int start = number;
        if (line == null) {
            return null;
        }
        return header == null ? new Row(start, object(line, start)) : new Row(start, record(line, start, header));
    }

    private void takeHeader(String line, List<Needed> needed) throws IOException {
        cells = reader(separator(line));
        String[] names = cells(line, number);
        Map<String, Integer> columns = new LinkedHashMap<>();
        for (int i = 0; i < names.length; i++) {
            if (columns.putIfAbsent(names[i].strip(), i) != null) {
                throw refused(number, "columns must have names of their own, was twice " + names[i].strip());
            }
        }
        for (Needed each : needed) {
            if (!columns.containsKey(each.column())) {
                throw refused(
                        number,
                        each.option() + " must be one of the columns " + shown(columns.keySet()) + ", was "
                                + each.column());
            }
        }
        header = columns;
    }

    private static char separator(String line) {
        return SEPARATORS.stream()
                .filter(each -> line.indexOf(each) >= 0)
                .findFirst()
                .orElse(',');
    }

    private Map<String, String> record(String line, int start, Map<String, Integer> columns) throws IOException {
        String[] values = cells(line, start);
        if (values.length > columns.size()) {
            throw refused(start, "must have " + columns.size() + " columns as the header has, was " + values.length);
        }
        Map<String, String> row = new LinkedHashMap<>();
        columns.forEach((column, index) -> {
            if (index < values.length) {
                row.put(column, values[index].strip());
            }
        });
        return row;
    }

    /** A quote that is open at the end of a line goes on in the next. */
    private String[] cells(String line, int start) throws IOException {
        StringBuilder whole = new StringBuilder(line);
        long quotes = quotes(line);
        while (quotes % 2 == 1) {
            String more = lines.readLine();
            if (more == null) {
                throw refused(start, "must close its quote, was " + shortened(line));
            }
            number++;
            quotes += quotes(more);
            whole.append('\n').append(more);
        }
        try (MappingIterator<String[]> row = cells.readValues(whole.toString())) {
            return row.hasNext() ? row.next() : new String[0];
        } catch (JsonProcessingException e) {
            throw refused(start, "must be comma-separated values: " + e.getOriginalMessage());
        } catch (RuntimeException e) {
            throw refused(start, "must be comma-separated values, was " + shortened(line));
        }
    }

    private static long quotes(String line) {
        return line.chars().filter(each -> each == QUOTE).count();
    }

    private static ObjectReader reader(char separator) {
        return CSV.readerFor(String[].class).with(CsvSchema.emptySchema().withColumnSeparator(separator));
    }

    private Map<String, String> object(String line, int start) throws IOException {
        JsonNode object;
        try {
            object = Json.mapper().readTree(line);
        } catch (JsonProcessingException e) {
            throw refused(start, "must be one JSON object: " + e.getOriginalMessage());
        }
        if (!object.isObject()) {
            throw refused(start, "must be one JSON object, was " + shortened(line));
        }
        Map<String, String> row = new LinkedHashMap<>();
        object.properties().forEach(field -> {
            if (field.getValue().isValueNode() && !field.getValue().isNull()) {
                row.put(field.getKey(), field.getValue().asText().strip());
            }
        });
        return row;
    }

    private @Nullable String nextLine() throws IOException {
        String line = pushedBack;
        pushedBack = null;
        if (line != null) {
            return line;
        }
        do {
            line = lines.readLine();
            number++;
        } while (line != null && line.isBlank());
        return line;
    }

    private static String shown(Set<String> names) {
        List<String> some = new ArrayList<>(names.stream().limit(MOST_SHOWN).toList());
        if (names.size() > MOST_SHOWN) {
            some.add("…");
        }
        return String.join(", ", some);
    }

    private static String shortened(String text) {
        return text.length() <= 80 ? text.strip() : text.substring(0, 80).strip() + "…";
    }

    private IOException refused(int line, String sentence) {
        return new IOException(name + " line " + line + ": " + sentence);
    }
}
