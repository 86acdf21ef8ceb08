// SPDX-License-Identifier: Apache-2.0
package dev.belay.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class BacktestCommandTest {
    private static final Path LANDING_PAGE =
            Path.of("../metrics-watcher/src/test/resources/landing-page.csv.gz").toAbsolutePath();
    private static final String[] LANDING_COLUMNS = {
        "--unit",
        "user_id",
        "--at",
        "timestamp",
        "--variant",
        "group",
        "--treatment",
        "treatment",
        "--converted",
        "converted",
        "--require",
        "landing_page=old_page|new_page"
    };
    private static final String HEADER = "user,when,arm,bought,country\n";
    private static final List<String> COLUMNS = List.of(
            "--unit", "user", "--at", "when", "--variant", "arm", "--treatment", "new", "--converted", "bought");

    @TempDir
    Path folder;

    private Belay belay;

    @BeforeEach
    void start() throws IOException {
        belay = new Belay(folder);
        belay.environment().clear();
    }

    @AfterEach
    void stop() {
        belay.close();
    }

    @Test
    void theLandingPageIsCountedToTheUnitAndNotRolledBack() throws IOException {
        JsonNode result = landingPage();

        assertThat(result.path("fired").booleanValue()).isFalse();
        assertThat(result.path("at").isNull()).isTrue();
        assertThat(result.path("control").toString()).isEqualTo("{\"exposed\":28521,\"converted\":3472}");
        assertThat(result.path("treatment").toString()).isEqualTo("{\"exposed\":28515,\"converted\":3387}");
        assertThat(result.path("ratio").doubleValue()).isBetween(0.97, 0.98);
        assertThat(result.path("lower").doubleValue()).isBetween(0.8, 0.97);
        assertThat(result.path("upper").doubleValue()).isBetween(0.98, 1.2);
        assertThat(result.path("logHarm").doubleValue()).isLessThan(Math.log(100));
        assertThat(result.path("shuffles").intValue()).isZero();
        assertThat(result.path("falseFires").intValue()).isZero();
        assertThat(result.path("excluded").path("required-value").intValue()).isPositive();
    }

    @Test
    void theLandingPageWithThirtyPercentLessIsRolledBackSoon() throws IOException {
        JsonNode result = landingPage("--thin-treatment", "0.3", "--seed", "7", "--dimension", "country");

        assertThat(result.path("fired").booleanValue()).isTrue();
        assertThat(result.path("guardrail").textValue()).isEqualTo("conversion");
        assertThat(result.path("at").textValue()).startsWith("2017-01-0");
        assertThat(result.path("treatedUsers").longValue()).isBetween(300L, 4_000L);
        assertThat(result.path("logHarm").doubleValue()).isGreaterThanOrEqualTo(Math.log(100));
        assertThat(result.path("ratio").doubleValue()).isLessThan(0.8);
        assertThat(result.path("whole").path("ratio").doubleValue()).isBetween(0.65, 0.72);
    }

    private JsonNode landingPage(String... more) throws IOException {
        List<String> words = new ArrayList<>(List.of("backtest", LANDING_PAGE.toString()));
        words.addAll(List.of(LANDING_COLUMNS));
        words.addAll(List.of(more));
        words.addAll(List.of("--json", "result.json"));
        assertThat(belay.call(words.toArray(String[]::new))).as(belay.err()).isZero();
        return Belay.json(Files.readString(folder.resolve("result.json")));
    }

    @Test
    void shuffledLabelsAreRolledBackInAtMostOneOfAHundredCases() throws IOException {
        write("recording.csv", rows(2, 4));

        JsonNode result = backtest("recording.csv", "--shuffle", "200", "--seed", "5");

        assertThat(result.path("fired").booleanValue()).isTrue();
        assertThat(result.path("shuffles").intValue()).isEqualTo(200);
        assertThat(result.path("falseFires").intValue()).isLessThanOrEqualTo(2);
    }

    /** 1,000 users a second apart; every {@code control}th of control buys, of the new version likewise. */
    private static String rows(int control, int treatment) {
        StringBuilder rows = new StringBuilder(HEADER);
        for (int i = 0; i < 1_000; i++) {
            boolean treated = i % 2 == 1;
            boolean bought = (i / 2) % (treated ? treatment : control) == 0;
            rows.append("u")
                    .append(i)
                    .append(",2026-01-05 09:")
                    .append(String.format("%02d:%02d", i / 60, i % 60))
                    .append(treated ? ",new," : ",old,")
                    .append(bought ? "yes" : "")
                    .append(",GB\n");
        }
        return rows.toString();
    }

    @Test
    void linesOfJsonAndPackedFilesGiveTheSame() throws IOException {
        String csv = rows(2, 4);
        write("recording.csv", csv);
        StringBuilder lines = new StringBuilder();
        csv.lines().skip(1).forEach(line -> {
            String[] cells = line.split(",", -1);
            lines.append(String.format(
                    "{\"user\":\"%s\",\"when\":\"%s\",\"arm\":\"%s\",\"bought\":%s,\"country\":null}%n",
                    cells[0], cells[1].replace(' ', 'T') + "Z", cells[2], cells[3].equals("yes")));
        });
        write("recording.ndjson", "\n" + lines);
        pack("recording.gz", lines.toString());
        pack("other.csv.gz", csv.replace(',', ';'));

        JsonNode result = backtest("recording.csv");

        assertThat(result.path("fired").booleanValue()).isTrue();
        assertThat(backtest("recording.ndjson")).isEqualTo(result);
        assertThat(backtest("recording.gz")).isEqualTo(result);
        assertThat(backtest("other.csv.gz")).isEqualTo(result);
        belay.typing(csv);
        assertThat(backtest("-")).isEqualTo(result);
    }

    @Test
    void readsWhatSpreadsheetsWrite() throws IOException {
        write(
                "recording.csv",
                "\uFEFF\"user\",\"when\",\"arm\",\"bought\"\r\n"
                        + "\"a,\n1\",2026-01-05T09:00:00+0100,new,TRUE\r\n\r\n"
                        + "b,1767603600,old,0\r\nc,1767603600123,old,no\r\nd,2026-01-05,new,\r\n");

        JsonNode result = backtest("recording.csv");

        assertThat(result.path("control").toString()).isEqualTo("{\"exposed\":2,\"converted\":0}");
        assertThat(result.path("treatment").toString()).isEqualTo("{\"exposed\":2,\"converted\":1}");
    }

    @Test
    void otherVariantsAreLeftOutWhenControlIsNamed() throws IOException {
        write("recording.csv", rows(2, 2) + "x,2026-01-05,third,yes,GB\n");

        JsonNode result = backtest("recording.csv", "--control", "old");

        assertThat(result.path("control").path("exposed").intValue()).isEqualTo(500);
        assertThat(result.path("excluded").path("other-variant").intValue()).isEqualTo(1);
    }

    @Test
    void guardrailsOfATemplateJudgeWithTheirPartOfAlpha() throws IOException {
        write("recording.csv", rows(2, 4));
        write("template.yaml", """
                apiVersion: belay.dev/v1
                kind: RolloutTemplate
                metadata: { name: t }
                spec:
                  project: shop
                  inputs: { conversion: {} }
                  stages: [ { name: all, to: 50%, atLeast: 1h } ]
                  guardrails:
                    - { metric: errors, rises: 30% }
                    - { metric: { input: conversion }, falls: 20%, name: sales }
                    - { metric: crashes, above: 5, within: 5m }
                  watchBy: [ country ]
                """);

        JsonNode result = backtest("recording.csv", "--template", "template.yaml", "--dimension", "country");

        assertThat(result.path("guardrail").textValue()).isEqualTo("sales");
        assertThat(result.path("fired").booleanValue()).isTrue();
        JsonNode errors = backtest("recording.csv", "--template", "template.yaml", "--metric", "errors");
        assertThat(errors.path("guardrail").textValue()).isEqualTo("errors");
        assertThat(errors.path("fired").booleanValue()).isFalse();
        refused(
                1,
                "template.yaml: --metric must be one of the guardrails, was revenue of [errors, sales]",
                "recording.csv",
                "--template",
                "template.yaml",
                "--metric",
                "revenue");
    }

    @Test
    void saysItForPeople() throws IOException {
        write("recording.csv", rows(2, 4));

        assertThat(call("recording.csv")).isZero();

        assertThat(belay.out())
                .contains("control    500 users, 250 converted (50.00 %)\n")
                .contains("treatment  500 users, 125 converted (25.00 %)\n")
                .containsPattern(
                        "Rolled back at 2026-01-05T09:\\d\\d:\\S+Z after \\d+ treated users, for conversion falls 20.0 %: ")
                .contains("Whole recording: -50.0 % (95 % CS ");
    }

    @ParameterizedTest(name = "refuses {0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "u9,2026-01-05,new,maybe,GB | column bought must be 1, true, yes or 0, false, no, nothing, was maybe",
                "u9,yesterday,new,yes,GB | column when must be a time such as 2026-01-05 09:00:00 or 2026-01-05T09:00:00Z, was yesterday",
                "u9,2026-13-05,new,yes,GB | column when must be a time such as 2026-01-05 09:00:00 or 2026-01-05T09:00:00Z, was 2026-13-05",
                ",2026-01-05,new,yes,GB | column user must have a value, was empty",
                "u9,2026-01-05,,yes,GB | column arm must have a value, was empty",
                "u9,2026-01-05,new | column bought must be 1, true, yes or 0, false, no, nothing, was missing",
                "u9,2026-01-05,new,yes,GB,6 | must have 5 columns as the header has, was 6",
                "`u9,2026-01-05,new,yes,\"GB` | must close its quote"
            })
    void namesLineColumnRuleAndValue(String row, String sentence) throws IOException {
        write("recording.csv", rows(2, 2) + row.replace("`", "") + "\n");

        refused(1, "recording.csv line 1002: " + sentence, "recording.csv");
    }

    @ParameterizedTest(name = "refuses {0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"user\":1 | must be one JSON object: ",
                "[1] | must be one JSON object, was [1]",
                "{\"user\":1,\"when\":\"2026-01-05\",\"arm\":\"new\"} | column bought must be 1, true, yes or 0, false, no, nothing, was missing",
                "{\"user\":{},\"when\":\"2026-01-05\",\"arm\":\"new\",\"bought\":1} | column user must have a value, was missing"
            })
    void namesLineAndFieldOfJson(String row, String sentence) throws IOException {
        write("recording.ndjson", "{\"user\":1,\"when\":\"2026-01-05\",\"arm\":\"new\",\"bought\":1}\n" + row + "\n");

        refused(1, "recording.ndjson line 2: " + sentence, "recording.ndjson");
    }

    @Test
    void saysWhatIsWrongWithTheWholeFile() throws IOException {
        write("empty.csv", "");
        write("header.csv", HEADER);
        write("twice.csv", "a,a\n");
        write("one.csv", HEADER + "u1,2026-01-05,new,1,GB\n");
        write("columns.csv", "id,when,arm,bought\n1,2026-01-05,new,1\n");
        Files.write(folder.resolve("broken.gz"), new byte[] {0x1f, (byte) 0x8b, 8, 0, 1});

        refused(1, "empty.csv must have a header line and rows, was empty", "empty.csv");
        refused(1, "header.csv must hold rows to judge, 0 were left out", "header.csv");
        refused(1, "twice.csv line 1: columns must have names of their own, was twice a", "twice.csv");
        refused(1, "one.csv: column arm must hold a value other than new (control), holds new", "one.csv");
        refused(
                1,
                "columns.csv line 1: --unit must be one of the columns id, when, arm, bought, was user",
                "columns.csv");
        refused(1, "broken.gz must be whole where it is packed by gzip", "broken.gz");
        refused(1, "there is no file " + folder.resolve("gone.csv"), "gone.csv");
        refused(1, "there is no file " + folder.resolve("gone.yaml"), "one.csv", "--template", "gone.yaml");
    }

    @ParameterizedTest(name = "{0} is called wrongly")
    @CsvSource(
            delimiter = '|',
            value = {
                "--falls 0 | --falls must be above 0% and below 100%, was 0",
                "--falls 100% | --falls must be above 0% and below 100%, was 100%",
                "--falls lots | --falls must be a share such as 20% or 0.20, was lots",
                "--rises 0 | --rises must be above 0%, was 0",
                "--falls 20% --rises 30% | mutually exclusive",
                "--falls 20% --template t.yaml | mutually exclusive",
                "--thin-treatment 1.5 | --thin-treatment must lie in [0, 1], was 1.5",
                "--thin-treatment -1 | --thin-treatment must be a share such as 20% or 0.20, was -1",
                "--shuffle -1 | --shuffle must lie in [0, 100000], was -1",
                "--require country | --require must have the form COLUMN=CONTROL|TREATMENT, was country",
                "--metric x | --metric must come with --template, was x",
                "--seed x | Invalid value for option '--seed'"
            })
    void namesTheOptionThatIsWrong(String options, String sentence) throws IOException {
        write("recording.csv", rows(2, 2));
        List<String> words = new ArrayList<>(List.of("recording.csv"));
        words.addAll(List.of(options.split(" ", -1)));

        refused(2, "", words.toArray(String[]::new), sentence);
    }

    private void refused(int code, String sentence, String... words) {
        refused(code, "belay: " + sentence, words, sentence);
    }

    private void refused(int code, String start, String[] words, String sentence) {
        assertThat(call(words)).isEqualTo(code);
        assertThat(belay.err()).startsWith(start).contains(sentence);
        assertThat(belay.out()).isEmpty();
    }

    private int call(String... words) {
        List<String> all = new ArrayList<>(List.of("backtest"));
        all.addAll(List.of(words));
        all.addAll(COLUMNS);
        return belay.call(all.toArray(String[]::new));
    }

    private JsonNode backtest(String... words) throws IOException {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--json", "-"));
        assertThat(call(all.toArray(String[]::new))).as(belay.err()).isZero();
        return Belay.json(belay.out());
    }

    private void write(String file, String text) throws IOException {
        Files.writeString(folder.resolve(file), text);
    }

    private void pack(String file, String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        Files.write(folder.resolve(file), bytes.toByteArray());
    }
}
