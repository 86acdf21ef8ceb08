// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import static dev.belay.statistics.Vectors.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

/** Whole rollouts of the reference vectors: what the pieces of this package mean together. */
class EndToEndVectorsTest {
    private static final double BETA = 0.05;

    @TestFactory
    Stream<DynamicTest> judgesWholeRollouts() {
        return Vectors.group("end_to_end")
                .map(rollout ->
                        dynamicTest("judges the rollout " + rollout.get("name").textValue(), () -> replay(rollout)));
    }

    private static void replay(JsonNode rollout) {
        Replay replay = new Replay(rollout);
        int number = 0;
        for (JsonNode step : rollout.get("steps")) {
            String at = "at step " + number++;
            replay.take(step);

            Combination harm = replay.combine();
            double splits = SampleRatioMismatch.logE(replay.splits);
            assertClose(harm.total(), step.get("total_log_e"), Double.NEGATIVE_INFINITY, "total " + at);
            assertClose(splits, step.get("srm_log_e"), "split " + at);
            for (int j = 0; j < replay.guardrails.size(); j++) {
                double health = replay.guardrails.get(j).health.logE();
                assertClose(health, step.get("log_healthy").get(j), "health of guardrail " + j + " " + at);
            }
            assertThat(replay.state(harm, splits))
                    .as(at)
                    .isEqualTo(step.get("state").textValue());
        }
    }

    /** The composition that the judging module makes, reduced to what the vectors hold. */
    private static final class Replay {
        final List<Guardrail> guardrails = new ArrayList<>();
        final List<SplitCount> splits = new ArrayList<>();
        private final double alpha;
        private final int stages;
        private int stage;

        Replay(JsonNode rollout) {
            alpha = rollout.get("alpha").doubleValue();
            stages = rollout.get("stages").intValue();
            rollout.get("guardrails").forEach(guardrail -> guardrails.add(new Guardrail(guardrail)));
        }

        void take(JsonNode step) {
            long control = step.get("nC").longValue();
            long treatment = step.get("nT").longValue();
            double share = step.get("share").doubleValue();
            if (step.get("stage").intValue() != stage) {
                stage = step.get("stage").intValue();
                guardrails.forEach(guardrail -> guardrail.enterStage(stage));
                splits.add(SplitCount.of(share, 0, 0));
            }
            SplitCount split = splits.remove(splits.size() - 1);
            splits.add(SplitCount.of(
                    share, split.counts().get(0) + control, split.counts().get(1) + treatment));
            for (Guardrail guardrail : guardrails) {
                JsonNode events = step.get("events").get(guardrail.name);
                guardrail.take(new Stratum(
                        control,
                        treatment,
                        events.get(0).longValue(),
                        events.get(1).longValue()));
            }
        }

        Combination combine() {
            double weight = MemberWeights.guardrail(guardrails.size());
            List<Member> members = new ArrayList<>();
            for (Guardrail guardrail : guardrails) {
                members.add(Member.of(
                        weight * MemberWeights.rolloutScope(stages),
                        guardrail.rollout,
                        guardrail.isGateOpen(guardrail.strata)));
                if (stage >= 2) {
                    int last = guardrail.strata.size() - 1;
                    members.add(Member.of(
                            weight * MemberWeights.stageScope(stages, stage),
                            guardrail.stage,
                            guardrail.isGateOpen(guardrail.strata.subList(last, last + 1))));
                }
            }
            return Combination.of(members, alpha);
        }

        String state(Combination harm, double splits) {
            boolean isHeld = harm.warning() || splits >= -Math.log(SampleRatioMismatch.DEFAULT_ALPHA);
            boolean isHealthy = guardrails.stream().allMatch(guardrail -> guardrail.health.logE() >= -Math.log(BETA));
            if (harm.breach()) {
                return "BREACH";
            }
            return isHealthy && !isHeld ? "HEALTHY" : "UNDECIDED";
        }
    }

    private static final class Guardrail {
        final String name;
        final List<Stratum> strata = new ArrayList<>();
        final RatioProcess rollout;
        RatioProcess stage;
        RatioProcess health;
        private final RatioTest harmTest;
        private final RatioTest healthTest;
        private final Gate gate;

        Guardrail(JsonNode guardrail) {
            double threshold = guardrail.get("T").doubleValue();
            Direction direction = Vectors.direction(guardrail);
            OutcomeMode mode = Vectors.mode(guardrail);
            name = guardrail.get("name").textValue();
            harmTest = RatioTest.of(
                    mode,
                    Alternatives.harm(
                            direction, threshold, guardrail.get("margin").doubleValue()));
            healthTest = RatioTest.of(mode, Alternatives.healthy(direction, threshold));
            gate = new Gate(direction, threshold);
            rollout = RatioProcess.start(harmTest);
            stage = rollout;
            health = RatioProcess.start(healthTest);
        }

        void enterStage(int number) {
            stage = number == 1 ? rollout : RatioProcess.start(harmTest);
            health = RatioProcess.start(healthTest);
            strata.add(Stratum.EMPTY);
        }

        void take(Stratum block) {
            Vectors.update(rollout, block);
            if (stage != rollout) {
                Vectors.update(stage, block);
            }
            Vectors.update(health, block);
            strata.add(strata.remove(strata.size() - 1).plus(block));
        }

        boolean isGateOpen(List<Stratum> scope) {
            return gate.isOpen(MantelHaenszel.of(scope));
        }
    }
}
