// SPDX-License-Identifier: Apache-2.0
package dev.belay.cli;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

import dev.belay.judging.backtest.RecordedVisit;
import dev.belay.judging.backtest.Recordings;
import org.jspecify.annotations.Nullable;

/** Reads a recorded experiment: CSV with a header line, or one JSON object a line; packed by gzip or not. */
final class RecordingFile {
    private static final int GZIP_FIRST = 0x1f;
    private static final int GZIP_SECOND = 0x8b;

    private final String name;
    private final Columns columns;
    private final List<RecordedVisit> visits = new ArrayList<>();
    private final Set<String> variants = new LinkedHashSet<>();
    private long required;
    private long others;

    /**
     * Which column means what.
     *
     * @param unit column of the unit's id
     * @param at column of the time
     * @param variant column of the variant
     * @param treatment value of that column that means treatment
     * @param control value of that column that means control; null for every other value
     * @param converted column of the outcome
     * @param dimensions columns of dimensions
     * @param require what rows must hold; null for nothing
     */
    record Columns(
            String unit,
            String at,
            String variant,
            String treatment,
            @Nullable String control,
            String converted,
            List<String> dimensions,
            @Nullable Requirement require) {
        /** Returns each column that is read, with the option that names it. */
        List<RecordedRows.Needed> needed() {
            List<RecordedRows.Needed> all = new ArrayList<>();
            all.add(new RecordedRows.Needed("--unit", unit));
            all.add(new RecordedRows.Needed("--at", at));
            all.add(new RecordedRows.Needed("--variant", variant));
            all.add(new RecordedRows.Needed("--converted", converted));
            dimensions.forEach(each -> all.add(new RecordedRows.Needed("--dimension", each)));
            if (require != null) {
                all.add(new RecordedRows.Needed("--require", require.column()));
            }
            return all;
        }
    }

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
     * What a file held.
     *
     * @param visits in the order of their times
     * @param excluded rows that are not compared, by reason
     */
    record Recording(List<RecordedVisit> visits, Map<String, Long> excluded) {}

    private RecordingFile(String name, Columns columns) {
        this.name = name;
        this.columns = columns;
    }

    /**
     * Reads a file.
     *
     * @param name name of the file, for messages
     * @throws IOException if it cannot be read; the message names line, column, rule and value
     */
    static Recording read(String name, InputStream file, Columns columns) throws IOException {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(unpacked(file), StandardCharsets.UTF_8))) {
            return new RecordingFile(name, columns).read(lines);
        } catch (ZipException | EOFException e) {
            throw new IOException(name + " must be whole where it is packed by gzip: " + e.getMessage(), e);
        }
    }

    private static InputStream unpacked(InputStream file) throws IOException {
        InputStream in = new BufferedInputStream(file);
        in.mark(2);
        boolean isPacked = in.read() == GZIP_FIRST && in.read() == GZIP_SECOND;
        in.reset();
        return isPacked ? new GZIPInputStream(in) : in;
    }

    private Recording read(BufferedReader lines) throws IOException {
        RecordedRows rows = RecordedRows.of(name, lines, columns.needed());
        for (RecordedRows.Row row = rows.next(); row != null; row = rows.next()) {
            take(row);
        }
        if (visits.isEmpty()) {
            throw new IOException(name + " must hold rows to judge, " + (required + others) + " were left out");
        }
        requireArm(columns.treatment(), true);
        requireArm(columns.control() == null ? "other than " + columns.treatment() : columns.control(), false);
        Map<String, Long> excluded = new HashMap<>();
        if (required > 0) {
            excluded.put("required-value", required);
        }
        if (others > 0) {
            excluded.put("other-variant", others);
        }
        return new Recording(Recordings.inTime(visits), excluded);
    }

    private void requireArm(String arm, boolean treated) throws IOException {
        if (visits.stream().noneMatch(visit -> visit.treated() == treated)) {
            throw new IOException(name + ": column " + columns.variant() + " must hold a value " + arm
                    + (treated ? " (--treatment)" : " (control)") + ", holds " + String.join(", ", variants));
        }
    }

    private void take(RecordedRows.Row row) throws IOException {
        String variant = row.required(columns.variant());
        if (variants.size() <= RecordedRows.MOST_SHOWN) {
            variants.add(variant);
        }
        boolean treated = variant.equals(columns.treatment());
        if (!treated && columns.control() != null && !columns.control().equals(variant)) {
            others++;
            return;
        }
        Requirement require = columns.require();
        if (require != null
                && !row.required(require.column()).equals(treated ? require.treatment() : require.control())) {
            required++;
            return;
        }
        Map<String, String> dimensions = new HashMap<>();
        for (String dimension : columns.dimensions()) {
            String value = row.optional(dimension);
            if (!value.isEmpty()) {
                dimensions.put(dimension, value);
            }
        }
        visits.add(new RecordedVisit(
                row.required(columns.unit()),
                row.time(columns.at()),
                treated,
                row.truth(columns.converted()),
                dimensions));
    }
}
