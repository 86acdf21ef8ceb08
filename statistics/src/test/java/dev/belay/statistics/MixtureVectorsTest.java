// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import static dev.belay.statistics.Vectors.assertClose;
import static dev.belay.statistics.Vectors.number;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

/** Means, quantiles, changes and many flags: the reference vectors beside ratios, to 1e-9. */
class MixtureVectorsTest {
    /** The published numbers are printed to six digits. */
    private static final double PRINTED = 1e-5;

    private static final double DEFAULT_ALPHA = 0.05;

    @TestFactory
    Stream<DynamicTest> mixesNormals() {
        return Vectors.group("normal_mixture")
                .map(want -> dynamicTest("mixes normals at " + want, () -> {
                    double s = number(want, "s");
                    double v = number(want, "v");
                    double scale = number(want, "rho");
                    assertClose(NormalMixture.oneSided(s, v, scale), want.get("one_sided"), "one-sided");
                    assertClose(NormalMixture.twoSided(s, v, scale), want.get("two_sided"), "two-sided");
                }));
    }

    @TestFactory
    Stream<DynamicTest> findsTheBestScale() {
        return Vectors.group("best_rho")
                .map(want -> dynamicTest("finds the best scale at " + want, () -> {
                    double v = number(want, "v");
                    double alpha = number(want, "alpha");
                    assertClose(NormalMixture.bestScaleTwoSided(v, alpha), want.get("two_sided"), "two-sided");
                    assertClose(NormalMixture.bestScaleOneSided(v, alpha), want.get("one_sided"), "one-sided");
                }));
    }

    @Test
    void growsEvidenceFromMomentsAlone() {
        JsonNode want = Vectors.single("mean_eprocess");
        MomentsTest test = MomentsTest.harm(
                Vectors.direction(want), number(want, "T"), 1 - number(want, "rho"), number(want, "alpha"));
        assertThat(test.nullRatio()).isEqualTo(number(want, "rho"));
        MomentsProcess process = MomentsProcess.start(test);
        JsonNode blocks = want.get("blocks_nC_sumC_sumsqC_nT_sumT_sumsqT");
        for (int i = 0; i < blocks.size(); i++) {
            process.update(moments(blocks.get(i), 0), moments(blocks.get(i), 3));
            assertClose(process.logE(), want.get("log_e").get(i), "log E after block " + i);
            process = MomentsProcess.restore(test, process.snapshot());
        }
        assertThat(blocks.size()).isEqualTo(want.get("log_e").size());
        assertClose(process.snapshot().sum(), want.get("S"), "S");
        assertClose(process.snapshot().time(), want.get("V"), "V");
        assertClose(process.snapshot().scale(), want.get("scale"), "scale");
    }

    private static Moments moments(JsonNode block, int from) {
        return new Moments(
                block.get(from).longValue(),
                block.get(from + 1).doubleValue(),
                block.get(from + 2).doubleValue());
    }

    @TestFactory
    Stream<DynamicTest> betsOnMeansOfBoundedValues() {
        return Vectors.group("bounded_mean")
                .map(want -> dynamicTest("bets on the mean of a " + Vectors.direction(want), () -> {
                    MeanTest test = new MeanTest(
                            Vectors.direction(want),
                            number(want, "rho"),
                            Vectors.doubles(want.get("effects")),
                            Vectors.doubles(want.get("weights")));
                    MeanProcess process = MeanProcess.start(test);
                    JsonNode blocks = want.get("blocks_histC_histT");
                    for (int i = 0; i < blocks.size(); i++) {
                        JsonNode control = blocks.get(i).get(0);
                        JsonNode treatment = blocks.get(i).get(1);
                        process.update(values(control), counts(control), values(treatment), counts(treatment));
                        assertClose(process.logE(), want.get("log_e").get(i), "log E after block " + i);
                        process = MeanProcess.restore(test, process.snapshot());
                    }
                    assertThat(blocks.size()).isEqualTo(want.get("log_e").size());
                }));
    }

    @TestFactory
    Stream<DynamicTest> betsOnTheEffectsOfTheVectorsByItself() {
        return Vectors.group("bounded_mean")
                .map(want -> dynamicTest("chooses the effects of a " + Vectors.direction(want), () -> {
                    double threshold = Vectors.direction(want) == Direction.DROP ? 0.2 : 0.3;
                    MeanTest test = MeanTest.harm(Vectors.direction(want), threshold, 0);
                    List<Double> effects = Vectors.doubles(want.get("effects"));
                    IntStream.range(0, effects.size())
                            .forEach(k -> assertClose(test.effects().get(k), effects.get(k), "effect " + k));
                    assertThat(test.weights()).isEqualTo(Vectors.doubles(want.get("weights")));
                }));
    }

    private static double[] values(JsonNode histogram) {
        return Vectors.each(histogram)
                .mapToDouble(bin -> bin.get(0).doubleValue())
                .toArray();
    }

    private static long[] counts(JsonNode histogram) {
        return Vectors.each(histogram).mapToLong(bin -> bin.get(1).longValue()).toArray();
    }

    @TestFactory
    Stream<DynamicTest> bandsTheRanksOfAQuantile() {
        return Vectors.group("quantile_band")
                .map(want -> dynamicTest("bands the ranks of the quantile " + want, () -> {
                    QuantileBand band = QuantileBand.of(
                            want.get("n").longValue(),
                            number(want, "p"),
                            number(want, "alpha"),
                            want.get("n_opt").longValue());
                    assertClose(band.lower(), want.get("band").get(0), "lower rank");
                    assertClose(band.upper(), want.get("band").get(1), "upper rank");
                }));
    }

    @Test
    void detectsChanges() {
        JsonNode want = Vectors.single("e_sr_detector");
        Alternatives bets = Alternatives.harm(Direction.DROP, number(want, "T"), 1 - number(want, "rho"));
        assertThat(bets.nullRatio()).isEqualTo(number(want, "rho"));
        RatioTest test = RatioTest.of(OutcomeMode.BERNOULLI, bets);
        ChangeDetector detector = ChangeDetector.start(test);
        for (int i = 0; i < want.get("blocks").size(); i++) {
            Stratum block = Vectors.counts(want.get("blocks").get(i));
            detector.update(
                    block.controlUnits(), block.treatmentUnits(), block.controlEvents(), block.treatmentEvents());
            assertClose(detector.logM(), want.get("log_m").get(i), "log M after block " + i);
            detector = ChangeDetector.restore(test, detector.snapshot());
        }
        assertThat(detector.blocks()).isEqualTo(want.get("log_m").size());
    }

    @TestFactory
    Stream<DynamicTest> reportsDiscoveries() {
        return Vectors.group("e_bh")
                .map(want -> dynamicTest("reports discoveries among " + want.get("log_e"), () -> {
                    List<Integer> rejected = new ArrayList<>();
                    want.get("rejected").forEach(index -> rejected.add(index.intValue()));
                    assertThat(FalseDiscoveries.reported(Vectors.doubles(want.get("log_e")), number(want, "alpha")))
                            .isEqualTo(rejected);
                }));
    }

    @TestFactory
    Stream<DynamicTest> agreesWithPublishedNumbers() {
        return Vectors.each(Vectors.single("published")
                        .get("confseq_normal_mixture")
                        .get("cases"))
                .map(want -> dynamicTest("agrees with the library confseq on " + want, () -> assertPublished(want)));
    }

    private static void assertPublished(JsonNode want) {
        double v = want.path("v").doubleValue();
        double alpha = want.path("alpha").asDouble(want.path("alpha_opt").asDouble(DEFAULT_ALPHA));
        double[] got =
                switch (want.get("fn").textValue()) {
                    case "best_rho_two_sided" -> one(NormalMixture.bestScaleTwoSided(v, alpha));
                    case "normal_mix_two_sided" ->
                        one(NormalMixture.twoSided(
                                number(want, "s"), v, NormalMixture.bestScaleTwoSided(number(want, "v_opt"), alpha)));
                    case "normal_mix_one_sided" ->
                        one(NormalMixture.oneSided(
                                number(want, "s"), v, NormalMixture.bestScaleOneSided(number(want, "v_opt"), alpha)));
                    case "two_sided_bound" ->
                        one(NormalMixture.twoSidedBound(
                                v, alpha, NormalMixture.bestScaleTwoSided(number(want, "v_opt"), alpha)));
                    case "one_sided_bound" ->
                        one(NormalMixture.oneSidedBound(
                                v, alpha, NormalMixture.bestScaleOneSided(number(want, "v_opt"), alpha)));
                    case "beta_binomial_two_sided" -> one(betaBinomial(want, v, alpha));
                    case "bernoulli_confidence_interval" -> interval(want, alpha);
                    default -> throw new AssertionError("nobody reproduces " + want);
                };
        double[] published = want.get("want").isArray()
                ? Vectors.doubles(want.get("want")).stream()
                        .mapToDouble(Double::doubleValue)
                        .toArray()
                : one(want.get("want").doubleValue());
        assertThat(got).as(want.toString()).containsExactly(published, within(PRINTED));
    }

    private static double betaBinomial(JsonNode want, double v, double alpha) {
        double below = number(want, "g");
        double above = number(want, "h");
        double scale = BetaBinomial.bestScale(number(want, "v_opt"), alpha, below, above);
        return BetaBinomial.logMixture(number(want, "s"), v, scale, below, above);
    }

    private static double[] interval(JsonNode want, double alpha) {
        Interval interval = RateInterval.of(
                want.get("successes").longValue(),
                want.get("n").longValue(),
                alpha,
                want.get("t_opt").longValue());
        return new double[] {interval.lower(), interval.upper()};
    }

    private static double[] one(double value) {
        return new double[] {value};
    }

    /** savvi, examples/Multinomial.qmd: the counts are those of its generator after 402 draws. */
    @Test
    void agreesWithThePublishedSampleRatioOfThreeArms() {
        SplitCount split = new SplitCount(List.of(0.1, 0.4, 0.5), List.of(40L, 129L, 233L));

        double p = Math.exp(-SampleRatioMismatch.logE(List.of(split)));

        assertThat(p).isCloseTo(0.04845591105969517, within(1e-9));
        assertThat(Vectors.single("published").get("savvi_multinomial_srm").toString())
                .contains("n=402, p=0.04845591105969517");
    }

    /** Fails when the file has a group that no test of this package reads. */
    @Test
    void everyGroupOfTheVectorsIsHeld() {
        List<String> notes = List.of("about", "tolerance");
        List<String> held = Arrays.asList(
                "published",
                "harm_grid",
                "healthy_grid",
                "constrained_base",
                "info_per_treated",
                "ratio_streams",
                "healthy_streams",
                "e_sr_detector",
                "mantel_haenszel",
                "ratio_cs",
                "normal_mixture",
                "best_rho",
                "mean_eprocess",
                "bounded_mean",
                "srm",
                "quantile_band",
                "combine",
                "e_bh",
                "end_to_end");

        assertThat(Vectors.names())
                .containsExactlyInAnyOrderElementsOf(
                        Stream.concat(notes.stream(), held.stream()).toList());
        assertThat(held).allSatisfy(group -> assertThat(Vectors.isRead(group))
                .as("some test reads the group %s", group)
                .isTrue());
    }
}
