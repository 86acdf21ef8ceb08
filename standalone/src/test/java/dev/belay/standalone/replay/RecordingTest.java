// SPDX-License-Identifier: Apache-2.0
package dev.belay.standalone.replay;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.zip.GZIPOutputStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class RecordingTest {
    private static final String LINES = """
            user,when,group,page,bought
            u2,2017-01-02 13:43:05,treatment,new,0
            u1,2017-01-02 13:42:05,control,old,1
            u3,2017-01-02 13:44:05,treatment,old,TRUE
            """;

    @TempDir
    Path folder;

    @Test
    void readsRowsInTheOrderOfTheirTimes() throws IOException {
        Recording recording = Recording.read(file(LINES), columns(null));

        assertThat(recording.rows()).extracting(Recording.Row::unit).containsExactly("u1", "u2", "u3");
        assertThat(recording.rows()).extracting(Recording.Row::converted).containsExactly(true, false, true);
        assertThat(recording.rows()).extracting(Recording.Row::treatment).containsExactly(false, true, true);
        assertThat(recording.rows().get(0).at()).isEqualTo(Instant.parse("2017-01-02T13:42:05Z"));
    }

    @Test
    void keepsTheOrderOfAFileWithoutTimes() throws IOException {
        Recording recording = Recording.read(
                file(LINES), new Recording.Columns("user", null, "group", "treatment", "bought", null, null));

        assertThat(recording.rows()).extracting(Recording.Row::unit).containsExactly("u2", "u1", "u3");
    }

    @Test
    void dropsAndCountsRowsThatContradictWhatIsRequired() throws IOException {
        Recording recording = Recording.read(file(LINES), columns(Recording.Requirement.parse("page=old|new")));

        assertThat(recording.rows()).extracting(Recording.Row::unit).containsExactly("u1", "u2");
        assertThat(recording.dropped()).isEqualTo(1);
    }

    @Test
    void readsGzippedFiles() throws IOException {
        Path zipped = folder.resolve("rows.csv.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(zipped))) {
            out.write(LINES.getBytes(StandardCharsets.UTF_8));
        }

        assertThat(Recording.read(zipped, columns(null)).rows()).hasSize(3);
    }

    @ParameterizedTest
    @CsvSource({
        "2017-01-02T13:42:05Z, 2017-01-02T13:42:05Z",
        "2017-01-02T13:42:05+01:00, 2017-01-02T12:42:05Z",
        "2017-01-02 13:42:05.500, 2017-01-02T13:42:05.500Z",
        "1483364525, 2017-01-02T13:42:05Z",
    })
    void readsTimesInTheFormsPeopleExport(String text, Instant at) throws IOException {
        Path file = file("user,when,group,bought\nu1," + text + ",control,no\n");

        assertThat(Recording.read(file, columns(null)).rows().get(0).at()).isEqualTo(at);
    }

    @Test
    void saysWhichRowAndColumnCannotBeRead() throws IOException {
        Path badTruth = file("user,when,group,bought\nu1,2017-01-02 13:42:05,control,perhaps\n");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Recording.read(badTruth, columns(null)))
                .withMessage("row 1: bought must be 1, true, yes, 0, false or no, was perhaps");

        Path badTime = file("user,when,group,bought\nu1,yesterday,control,1\n");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Recording.read(badTime, columns(null)))
                .withMessage("row 1: when must be a time, was yesterday");

        Path lacking = file("user,when,group\nu1,2017-01-02 13:42:05,control\n");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Recording.read(lacking, columns(null)))
                .withMessageStartingWith("row 1: column bought must be one of");
    }

    @Test
    void refusesARequirementOfAnotherForm() {
        for (String text : List.of("page", "page=old", "=old|new")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Recording.Requirement.parse(text))
                    .withMessage("--require must have the form COLUMN=CONTROL|TREATMENT, was " + text);
        }
    }

    private Path file(String text) throws IOException {
        return Files.writeString(Files.createTempFile(folder, "rows", ".csv"), text);
    }

    private static Recording.Columns columns(Recording.Requirement require) {
        return new Recording.Columns("user", "when", "group", "treatment", "bought", require, null);
    }
}
