// SPDX-License-Identifier: Apache-2.0
package dev.belay.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.contracts.Json;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

class JudgeCommandTest {
    private static final Path VECTORS = Path.of("../statistics/src/test/resources/vectors.json");
    private static final String TWO_BLOCKS = """
            {"stratum":0,"nC":50,"nT":50,"sC":10,"sT":0}

            {"stratum":0,"nC":50,"nT":50,"sC":10,"sT":0,"note":"read by nobody"}
            """;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    Path folder;

    @TestFactory
    Stream<DynamicTest> growsTheEvidenceOfHarmOfTheReference() throws IOException {
        return each(vectors().get("ratio_streams"))
                // Reserves are kept by processes, not by the command.
                .filter(stream -> stream.get("invest").size() == 1)
                .filter(stream -> stream.get("margin").doubleValue() == 0)
                .map(stream -> dynamicTest(stream.get("name").textValue(), () -> {
                    List<JsonNode> looks = judge(blocks(stream), options(stream));
                    assertThat(looks).hasSameSizeAs(stream.get("blocks"));
                    for (int i = 0; i < looks.size(); i++) {
                        assertThat(looks.get(i).get("block").intValue()).isEqualTo(i);
                        assertClose(
                                looks.get(i).get("logHarm"), stream.get("log_e").get(i));
                        assertClose(
                                looks.get(i).get("ratio"),
                                stream.get("mh_ratio").get(i));
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> growsTheEvidenceOfHealthOfTheReference() throws IOException {
        return each(vectors().get("healthy_streams"))
                .map(stream -> dynamicTest(stream.get("name").textValue(), () -> {
                    List<JsonNode> looks = judge(blocks(stream), options(stream));
                    assertThat(looks).hasSameSizeAs(stream.get("blocks"));
                    for (int i = 0; i < looks.size(); i++) {
                        assertClose(
                                looks.get(i).get("logHealthy"),
                                stream.get("log_e").get(i));
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> boundsTheRatioLikeTheReference() throws IOException {
        return each(vectors().get("ratio_cs").get("cases"))
                .map(want -> dynamicTest("strata " + want.get("strata"), () -> {
                    List<JsonNode> looks = judge(strata(want), List.of("--mode", "bernoulli", "--falls", "0.2"));
                    JsonNode last = looks.get(looks.size() - 1);
                    assertClose(last.get("lower"), want.get("ci05").get(0));
                    assertClose(last.get("upper"), want.get("ci05").get(1));
                }));
    }

    private static JsonNode vectors() throws IOException {
        return Json.mapper().readTree(Files.readString(VECTORS));
    }

    private static Stream<JsonNode> each(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    /** In the reference the units of a block are its own, in both modes. */
    private static List<String> options(JsonNode stream) {
        String limit = stream.get("direction").textValue().equals("DROP") ? "--falls" : "--rises";
        String mode = stream.get("mode").textValue().equals("POISSON") ? "arrival" : "bernoulli";
        return List.of("--mode", mode, limit, stream.get("T").asText(), "--units", "new");
    }

    private static String blocks(JsonNode stream) {
        StringBuilder lines = new StringBuilder();
        stream.get("blocks").forEach(block -> lines.append(line(0, block)));
        return lines.toString();
    }

    private static String strata(JsonNode want) {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < want.get("strata").size(); i++) {
            lines.append(line(i, want.get("strata").get(i)));
        }
        return lines.toString();
    }

    private static String line(int stratum, JsonNode counts) {
        return "{\"stratum\":" + stratum + ",\"nC\":" + counts.get(0) + ",\"nT\":" + counts.get(1) + ",\"sC\":"
                + counts.get(2) + ",\"sT\":" + counts.get(3) + "}\n";
    }

    private static void assertClose(JsonNode got, JsonNode want) {
        if (want.isNull()) {
            assertThat(got.isNull()).isTrue();
        } else {
            double bound = 1e-9 * Math.max(1, Math.abs(want.doubleValue()));
            assertThat(Math.abs(got.doubleValue() - want.doubleValue())).isLessThanOrEqualTo(bound);
        }
    }

    private List<JsonNode> judge(String in, List<String> options) throws IOException {
        List<String> words = new ArrayList<>(List.of("judge", "-"));
        words.addAll(options);
        assertThat(belay(in, words.toArray(String[]::new)))
                .as(err.toString(StandardCharsets.UTF_8))
                .isZero();
        List<JsonNode> looks = new ArrayList<>();
        for (String line : out.toString(StandardCharsets.UTF_8).split("\n", -1)) {
            if (!line.isEmpty()) {
                looks.add(Json.mapper().readTree(line));
            }
        }
        out.reset();
        return looks;
    }

    @Test
    void readsAFileAndSaysEverythingAboutEachBlock() throws IOException {
        Files.writeString(folder.resolve("blocks.ndjson"), TWO_BLOCKS);

        assertThat(belay("", "judge", "blocks.ndjson", "--mode=bernoulli", "--falls=0.2"))
                .isZero();

        assertThat(out.toString(StandardCharsets.UTF_8).lines())
                .hasSize(2)
                .allMatch(line -> line.matches("\\{\"block\":\\d,\"logHarm\":[-.\\dE]+,\"logHealthy\":[-.\\dE]+,"
                        + "\"ratio\":0.0,\"lower\":0.0,\"upper\":[.\\d]+,\"verdict\":\"\\w+\"}"));
    }

    @Test
    void latchesTheBreach() throws IOException {
        StringBuilder lines = new StringBuilder();
        lines.append("{\"stratum\":0,\"nC\":1000,\"nT\":1000,\"sC\":200,\"sT\":0}\n".repeat(5));
        lines.append("{\"stratum\":0,\"nC\":1000,\"nT\":1000,\"sC\":200,\"sT\":400}\n".repeat(20));

        List<JsonNode> looks = judge(lines.toString(), List.of("--mode", "bernoulli", "--falls", "0.2"));

        assertThat(looks).last().satisfies(look -> {
            assertThat(look.get("ratio").doubleValue()).isGreaterThan(1);
            assertThat(look.get("verdict").textValue()).isEqualTo("BREACHED");
        });
    }

    @Test
    void callsAnUnchangedMetricHealthyAndNothingElse() throws IOException {
        String unchanged = "{\"stratum\":0,\"nC\":1000,\"nT\":1000,\"sC\":200,\"sT\":200}\n".repeat(20);
        String nothing = "{\"stratum\":0,\"nC\":1000,\"nT\":1000,\"sC\":0,\"sT\":0}\n".repeat(20)
                + "{\"stratum\":0,\"nC\":1000,\"nT\":0,\"sC\":20,\"sT\":0}\n";

        assertThat(judge(unchanged, List.of("--mode", "bernoulli", "--falls", "0.2")))
                .last()
                .satisfies(look -> assertThat(look.get("verdict").textValue()).isEqualTo("HEALTHY"));
        assertThat(judge(nothing, List.of("--mode", "bernoulli", "--falls", "0.2")))
                .allSatisfy(look -> assertThat(look.get("verdict").textValue()).isEqualTo("UNDECIDED"));
    }

    @Test
    void takesUnitsForCohortsInArrivalMode() throws IOException {
        String cohorts = """
                {"stratum":"3/rest","nC":900,"nT":100,"sC":9,"sT":1}
                {"stratum":"3/rest","nC":1800,"nT":200,"sC":9,"sT":1}
                """;

        JsonNode last =
                judge(cohorts, List.of("--mode", "arrival", "--falls", "0.2")).get(1);

        assertThat(last.get("ratio").doubleValue()).isEqualTo(1.0);
    }

    @Test
    void waitsLongerWhenTolerantAndKnowsTheBaseRate() throws IOException {
        double balanced = logHarm(List.of());
        assertThat(logHarm(List.of("--sensitivity", "tolerant"))).isLessThan(balanced);
        assertThat(logHarm(List.of("--q0", "0.2"))).isGreaterThan(balanced);
    }

    @Test
    void dividesOutcomesThatComeInClustersAndReadsTheModeOfALine() throws IOException {
        String block = "{\"stratum\":0,\"nC\":500,\"nT\":500,\"sC\":10,\"sT\":40";
        List<String> options = List.of("--mode", "arrival", "--rises", "0.3");
        double whole = judge(block + "}\n", options).get(0).get("logHarm").doubleValue();
        double same = judge(block + ",\"mode\":\"arrival\",\"dispersion\":1}\n", options)
                .get(0)
                .get("logHarm")
                .doubleValue();
        double divided = judge(block + ",\"dispersion\":4}\n", options)
                .get(0)
                .get("logHarm")
                .doubleValue();

        assertThat(same).isEqualTo(whole);
        assertThat(divided).isPositive().isLessThan(whole / 2);
    }

    private double logHarm(List<String> more) throws IOException {
        List<String> options = new ArrayList<>(List.of("--mode", "bernoulli", "--falls", "0.2"));
        options.addAll(more);
        return judge(TWO_BLOCKS, options).get(1).get("logHarm").doubleValue();
    }

    @ParameterizedTest(name = "refuses {0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"stratum\":0,\"nC\":5,\"nT\":5,\"sC\":6,\"sT\":0} | sC must not exceed nC (5) in BERNOULLI mode, was 6",
                "{\"stratum\":0,\"nC\":5,\"nT\":5,\"sC\":0,\"sT\":-1} | sT must be a whole number from 0 to 2^63-1, was -1",
                "{\"stratum\":0,\"nC\":5,\"nT\":5.5,\"sC\":0,\"sT\":1} | nT must be a whole number from 0 to 2^63-1, was 5.5",
                "{\"stratum\":0,\"nC\":NaN,\"nT\":5,\"sC\":0,\"sT\":1} | nC must be a whole number from 0 to 2^63-1, was \"NaN\"",
                "{\"stratum\":0,\"nC\":1e300,\"nT\":5,\"sC\":0,\"sT\":1} | nC must be a whole number from 0 to 2^63-1, was 1E+300",
                "{\"stratum\":0,\"nC\":\"5\",\"nT\":5,\"sC\":0,\"sT\":1} | nC must be a whole number from 0 to 2^63-1, was \"5\"",
                "{\"stratum\":0,\"nC\":5,\"nT\":5,\"sC\":0} | sT must be a whole number from 0 to 2^63-1, was missing",
                "{\"nC\":5,\"nT\":5,\"sC\":0,\"sT\":1} | stratum must be a whole number or a name, was missing",
                "{\"stratum\":0,\"nC\":5,\"nT\":5,\"sC\":0,\"sT\":1,\"mode\":\"arrival\"} | mode must be that of --mode, bernoulli, was \"arrival\"",
                "{\"stratum\":0,\"nC\":5,\"nT\":5,\"sC\":0,\"sT\":1,\"dispersion\":0.5} | dispersion must be a number of at least 1, was 0.5",
                "{\"stratum\":0,\"nC\":5,\"nT\":5,\"sC\":0,\"sT\":1,\"dispersion\":2} | mode must be ARRIVAL for clustered counts, was BERNOULLI",
                "[1] | must be one JSON object, was [1]",
                "{\"nC\":5 | must be one JSON object: Unexpected end-of-input"
            })
    void namesLineFieldRuleAndValue(String line, String sentence) {
        assertThat(belay(TWO_BLOCKS + line + "\n", "judge", "-", "--mode", "bernoulli", "--falls", "0.2"))
                .isEqualTo(1);

        assertThat(err.toString(StandardCharsets.UTF_8)).startsWith("belay: standard input line 4: " + sentence);
        assertThat(out.toString(StandardCharsets.UTF_8).lines()).hasSize(2);
    }

    @ParameterizedTest(name = "{0} is called wrongly")
    @CsvSource(
            delimiter = '|',
            value = {
                "--mode bernoulli | Missing required argument",
                "--falls 0.2 | Missing required option",
                "--mode bernoulli --falls 0.2 --rises 0.3 | mutually exclusive",
                "--mode poisson --falls 0.2 | --mode must be one of arrival, bernoulli, was poisson",
                "--mode arrival --falls 1 | --falls must lie in (0, 1), was 1.0",
                "--mode arrival --rises 0 | --rises must be finite and above 0, was 0.0",
                "--mode arrival --rises NaN | --rises must be finite and above 0, was NaN",
                "--mode arrival --rises 0.3 --alpha 0 | --alpha must lie in (0, 1), was 0.0",
                "--mode arrival --rises 0.3 --beta 1 | --beta must lie in (0, 1), was 1.0",
                "--mode arrival --rises 0.3 --q0 2 | --q0 must lie in (0, 1), was 2.0",
                "--mode arrival --rises 0.3 --sensitivity strict | --sensitivity must be one of balanced, tolerant, was strict"
            })
    void namesTheOptionThatIsWrong(String options, String sentence) {
        List<String> words = new ArrayList<>(List.of("judge", "-"));
        words.addAll(List.of(options.split(" ", -1)));

        assertThat(belay(TWO_BLOCKS, words.toArray(String[]::new))).isEqualTo(2);

        assertThat(err.toString(StandardCharsets.UTF_8)).contains(sentence);
        assertThat(out).hasToString("");
    }

    @Test
    void saysWhichFileIsNotThere() {
        assertThat(belay("", "judge", "gone.ndjson", "--mode", "arrival", "--rises", "0.3"))
                .isEqualTo(1);

        assertThat(err).hasToString("belay: there is no file " + folder.resolve("gone.ndjson") + "\n");
    }

    private int belay(String in, String... args) {
        Terminal terminal = new Terminal(
                new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                Map.of(),
                folder);
        return Main.run(terminal, args);
    }
}
