// SPDX-License-Identifier: Apache-2.0
package dev.belay.benchmarks.simulate;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;

import dev.belay.benchmarks.simulate.Cell.Purpose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class TrialTest {
    private static final Cell LOSS = new Cell(Purpose.HARM, List.of(0.5), 0.3, 1, 0);

    @TempDir
    Path folder;

    @Test
    void isTheSameForTheSameSeedWhateverTheBatches() {
        Map<Contestant, Tally> whole = Trial.run(LOSS, 7, 0, 6, 100);
        Map<Contestant, Tally> first = Trial.run(LOSS, 7, 0, 2, 100);
        Map<Contestant, Tally> second = Trial.run(LOSS, 7, 2, 6, 100);

        whole.forEach((contestant, tally) ->
                assertThat(first.get(contestant).plus(second.get(contestant))).isEqualTo(tally));
        assertThat(Trial.run(LOSS, 8, 0, 6, 100)).isNotEqualTo(whole);
    }

    @Test
    void goesOnWhereItWasInterrupted() throws IOException {
        Path file = folder.resolve("ledger.tsv");
        Map<Contestant, Tally> batch = Trial.run(LOSS, 7, 0, 2, 100);
        new Ledger(file).add(LOSS, 0, batch);
        Files.writeString(file, Files.readString(file) + "HARM 50 %, 30 % ↓100 % batch 1\tBELAY_1\t2\t2");

        Ledger again = new Ledger(file);

        assertThat(again.has(LOSS, 0)).isTrue();
        assertThat(again.has(LOSS, 1)).isFalse();
        assertThat(again.sum(LOSS, Contestant.BELAY_1, 2)).isEqualTo(batch.get(Contestant.BELAY_1));
    }

    @Test
    void neverFiresOnATotalLossLikeGrowthBook() {
        Map<Contestant, Tally> tallies = Trial.run(LOSS, 7, 0, 4, 100);

        assertThat(tallies.get(Contestant.GROWTHBOOK).fired()).isZero();
        assertThat(tallies.get(Contestant.BELAY_1).fired()).isEqualTo(4);
        assertThat(tallies.get(Contestant.BELAY_1).mean()).isLessThan(100);
    }

    /** gbstats, tests/frequentist/test_tests.py: one-sided, tuned to 5,000. */
    @Test
    void boundsLikeGrowthBooksOwnCode() {
        assertThat(0.23437666666666668 + Rules.growthBookHalfWidth(0.12983081254184736, 6_461))
                .isCloseTo(0.5953217750613832, within(1e-12));
    }

    @Test
    void drawsAsManyAsItShould() {
        Draws draws = new Draws(1, "any", 0);
        double low = 0;
        double high = 0;
        for (int i = 0; i < 20_000; i++) {
            low += draws.binomial(40, 0.02);
            high += draws.binomial(10, 0.95);
        }

        assertThat(low / 20_000).isCloseTo(0.8, within(0.03));
        assertThat(high / 20_000).isCloseTo(9.5, within(0.03));
        assertThat(draws.binomial(5, 0)).isZero();
        assertThat(draws.binomial(5, 1)).isEqualTo(5);
    }

    @Test
    void knowsTheBoundOfThePlanner() {
        assertThat(new Cell(Purpose.HARM, List.of(0.05), 0.10, 0.30, 0).bound(0.01))
                .isCloseTo(872.8, within(0.1));
    }

    @Test
    void drawsAPlotThatIsXml() throws Exception {
        String svg = new DotPlot(
                        "a < b", 0.1, 100, List.of(new DotPlot.Row("& rule", List.of(new DotPlot.Dot(3, "c")), 1)))
                .svg();

        Document drawn = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
        assertThat(drawn.getElementsByTagName("circle").getLength()).isEqualTo(1);
    }
}
