// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import static dev.belay.statistics.Vectors.assertClose;
import static dev.belay.statistics.Vectors.direction;
import static dev.belay.statistics.Vectors.mode;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

/** Every number of the reference vectors, to 1e-9. */
class VectorsTest {

    @TestFactory
    Stream<DynamicTest> betsOnTheHarmGrid() {
        return Vectors.group("harm_grid").map(want -> {
            double threshold = want.get("T").doubleValue();
            return dynamicTest("bets on the grid of a " + direction(want) + " by " + threshold, () -> {
                assertGrid(Alternatives.harm(direction(want), threshold, 0), want);
            });
        });
    }

    @TestFactory
    Stream<DynamicTest> betsOnTheHealthyGrid() {
        return Vectors.group("healthy_grid").map(want -> {
            double threshold = want.get("T").doubleValue();
            return dynamicTest("bets on health against a " + direction(want) + " by " + threshold, () -> {
                assertGrid(Alternatives.healthy(direction(want), threshold), want);
            });
        });
    }

    private static void assertGrid(Alternatives got, JsonNode want) {
        List<Double> ratios = Vectors.doubles(want.get("ratios"));
        assertThat(got.weights()).isEqualTo(Vectors.doubles(want.get("weights")));
        assertThat(got.ratios()).hasSameSizeAs(ratios);
        for (int k = 0; k < ratios.size(); k++) {
            assertClose(got.ratios().get(k), ratios.get(k), "ratio " + k);
        }
    }

    @TestFactory
    Stream<DynamicTest> findsTheNearestNullPoint() {
        return Vectors.group("constrained_base")
                .map(want -> dynamicTest("finds the null point nearest to " + want, () -> {
                    double got = ConstrainedBase.of(
                            number(want, "nC"),
                            number(want, "nT"),
                            number(want, "thC"),
                            number(want, "thT"),
                            number(want, "rho"));
                    assertClose(got, want.get("want"), "x");
                }));
    }

    @TestFactory
    Stream<DynamicTest> knowsTheInformationOfATreatedUnit() {
        return Vectors.group("info_per_treated")
                .map(want -> dynamicTest("knows the information of one treated unit in " + want, () -> {
                    double base = number(want, "pC");
                    double treated = number(want, "pT");
                    double share = number(want, "share");
                    double rho = number(want, "rho");
                    double info = Planner.infoPerTreated(base, treated, share, rho);
                    assertClose(info, want.get("want"), "information");
                    assertClose(
                            new Planner(base, share).infoPerTreated(treated / base, rho), want.get("want"), "planner");
                    assertClose(-Math.log(0.01) / info, want.get("bound_a01"), "bound at alpha 1 %");
                }));
    }

    @TestFactory
    Stream<DynamicTest> growsEvidenceOfHarm() {
        return Vectors.group("ratio_streams")
                .map(stream -> dynamicTest("grows evidence of harm along " + name(stream), () -> followHarm(stream)));
    }

    private static void followHarm(JsonNode stream) {
        Alternatives bets = Alternatives.harm(direction(stream), number(stream, "T"), number(stream, "margin"));
        assertThat(bets.nullRatio()).isEqualTo(number(stream, "rho"));
        RatioTest test = new RatioTest(mode(stream), bets, number(stream, "a0"));
        JsonNode invest = stream.get("invest");
        RatioProcess process = RatioProcess.start(test, number(invest, "0"));
        Stratum sofar = Stratum.EMPTY;
        for (int i = 0; i < stream.get("blocks").size(); i++) {
            if (i > 0 && invest.has(String.valueOf(i))) {
                process.invest(number(invest, String.valueOf(i)));
            }
            Stratum block = Vectors.counts(stream.get("blocks").get(i));
            Vectors.update(process, block);
            sofar = sofar.plus(block);
            assertClose(process.logE(), stream.get("log_e").get(i), "log E after block " + i);
            assertClose(ratio(sofar), stream.get("mh_ratio").get(i), Double.NaN, "ratio after block " + i);
        }
        assertClose(process.logSup(), stream.get("log_sup"), "highest log E");
        List<Double> components = Vectors.doubles(stream.get("log_components"));
        List<Double> got = process.snapshot().logCapital();
        assertThat(got).hasSameSizeAs(components);
        IntStream.range(0, got.size())
                .forEach(k -> assertClose(got.get(k), components.get(k), "log capital of alternative " + k));
    }

    private static double ratio(Stratum stratum) {
        return MantelHaenszel.of(List.of(stratum)).ratio().orElse(Double.NaN);
    }

    @TestFactory
    Stream<DynamicTest> growsEvidenceOfHealth() {
        return Vectors.group("healthy_streams")
                .map(stream -> dynamicTest("grows evidence of health along " + name(stream), () -> {
                    Alternatives bets = Alternatives.healthy(direction(stream), number(stream, "T"));
                    assertThat(bets.nullRatio()).isEqualTo(number(stream, "rho"));
                    RatioProcess process = RatioProcess.start(RatioTest.of(mode(stream), bets));
                    for (int i = 0; i < stream.get("blocks").size(); i++) {
                        Vectors.update(
                                process, Vectors.counts(stream.get("blocks").get(i)));
                        assertClose(process.logE(), stream.get("log_e").get(i), "log E after block " + i);
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> estimatesTheRatioOverStrata() {
        return Vectors.group("mantel_haenszel")
                .map(want -> dynamicTest("estimates the ratio over strata " + want.get("strata"), () -> {
                    MantelHaenszel estimate = MantelHaenszel.of(Vectors.strata(want));
                    assertClose(estimate.ratio().orElse(Double.NaN), want.get("want"), "ratio");
                }));
    }

    @TestFactory
    Stream<DynamicTest> boundsTheRatioForPeople() {
        return Vectors.each(Vectors.single("ratio_cs").get("cases"))
                .map(want -> dynamicTest("bounds the ratio of strata " + want.get("strata"), () -> {
                    List<Stratum> strata = Vectors.strata(want);
                    assertInterval(RatioConfidenceSequence.interval(strata, 0.05), want.get("ci05"));
                    assertInterval(RatioConfidenceSequence.interval(strata, 0.01), want.get("ci01"));
                    assertClose(
                            RatioConfidenceSequence.logLikelihood(strata, 0),
                            want.get("loglik_at_r1"),
                            "log likelihood of no difference");
                }));
    }

    private static void assertInterval(Interval got, JsonNode want) {
        assertClose(got.lower(), want.get(0), "lower end");
        assertClose(got.upper(), want.get(1), Double.POSITIVE_INFINITY, "upper end");
        assertThat(got.hasUpperBound()).isEqualTo(!want.get(1).isNull());
    }

    @TestFactory
    Stream<DynamicTest> combinesMembersThroughTheirGates() {
        return Vectors.group("combine")
                .map(want -> dynamicTest("combines members " + want.get("log_e"), () -> {
                    List<Member> members = new ArrayList<>();
                    for (int i = 0; i < want.get("log_e").size(); i++) {
                        members.add(new Member(
                                want.get("weights").get(i).doubleValue(),
                                want.get("log_e").get(i).doubleValue(),
                                Double.NEGATIVE_INFINITY,
                                want.get("gates").get(i).booleanValue()));
                    }
                    Combination combination = Combination.of(members, number(want, "alpha"));
                    assertClose(combination.total(), want.get("total"), Double.NEGATIVE_INFINITY, "total");
                    assertThat(combination.breach())
                            .isEqualTo(want.get("breach").booleanValue());
                }));
    }

    @TestFactory
    Stream<DynamicTest> noticesWrongSplits() {
        JsonNode group = Vectors.single("srm");
        Stream<DynamicTest> extra = Vectors.each(group.get("extra"))
                .map(want -> dynamicTest("weighs the split " + want, () -> {
                    SplitCount split = split(
                            want.get("shares"),
                            want.get("counts").get(0).longValue(),
                            want.get("counts").get(1).longValue());
                    assertClose(SampleRatioMismatch.logE(List.of(split)), want.get("log_e"), "log E");
                }));
        return Stream.concat(
                extra, Stream.of(dynamicTest("weighs splits over stages", () -> assertSplitsOverStages(group))));
    }

    private static void assertSplitsOverStages(JsonNode group) {
        List<SplitCount> closed = new ArrayList<>();
        int look = 0;
        for (JsonNode stage : group.get("epochs")) {
            long control = 0;
            long treatment = 0;
            for (JsonNode add : stage.get("adds")) {
                control += add.get(0).longValue();
                treatment += add.get(1).longValue();
                List<SplitCount> strata = new ArrayList<>(closed);
                strata.add(split(stage.get("shares"), control, treatment));
                assertClose(SampleRatioMismatch.logE(strata), group.get("log_e").get(look), "log E at look " + look);
                look++;
            }
            closed.add(split(stage.get("shares"), control, treatment));
        }
        assertThat(look).isEqualTo(group.get("log_e").size());
    }

    private static SplitCount split(JsonNode shares, long control, long treatment) {
        return new SplitCount(Vectors.doubles(shares), List.of(control, treatment));
    }

    private static double number(JsonNode node, String field) {
        assertThat(node.path(field).isNumber()).as(field).isTrue();
        return node.get(field).doubleValue();
    }

    private static String name(JsonNode node) {
        return node.get("name").textValue();
    }
}
