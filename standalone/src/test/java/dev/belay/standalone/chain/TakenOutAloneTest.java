// SPDX-License-Identifier: Apache-2.0
package dev.belay.standalone.chain;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.ToDoubleBiFunction;

import dev.belay.contracts.rollbacks.RollbackTarget;
import dev.belay.contracts.verdicts.Decision;
import dev.belay.contracts.verdicts.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** What harms is taken out for itself, and the rest goes on: from outcomes to what the edge serves. */
class TakenOutAloneTest {
    private static final double BASE = 0.3;
    private static final int GLANCE = 100;
    private static final List<String> COUNTRIES = List.of("US", "IN", "UK");
    private static final String DOCUMENTS = """
            apiVersion: belay.dev/v1
            kind: Flag
            metadata: { name: new-checkout }
            spec:
              project: shop
              environment: production
              type: string
              variants: { "off": old, "on": new, bold: bold }
              off: "off"
              default: "off"
            ---
            apiVersion: belay.dev/v1
            kind: Metric
            metadata: { name: conversion }
            spec: { project: shop, kind: conversion, event: purchase, within: 24h, goodWhen: up }
            ---
            apiVersion: belay.dev/v1
            kind: RolloutTemplate
            metadata: { name: autorollout }
            spec:
              project: shop
              stages: [ { name: most, to: 60%%, atLeast: 1h } ]
              advance: { when: proven }
              guardrails: [ { metric: conversion, falls: 20%%, scope: %s } ]
              watchBy: %s
            ---
            apiVersion: belay.dev/v1
            kind: Rollout
            metadata: { name: new-checkout }
            spec:
              project: shop
              environment: production
              flag: new-checkout
              template: autorollout
              control: "off"
              treatments: %s
            """;

    @TempDir
    Path folder;

    @Test
    void oneOfTwoTreatmentsThatHarmsIsTakenOutAloneAndEachIsJudgedForItself() {
        try (Chain chain = new Chain(folder, DOCUMENTS.formatted("variant", "[]", "[ \"on\", bold ]"))) {
            play(chain, (variant, country) -> variant.equals("bold") ? 0.6 : 1);

            assertThat(chain.rollbacks()).singleElement().satisfies(rollback -> {
                assertThat(rollback.target()).isEqualTo(RollbackTarget.variant("bold"));
                assertThat(rollback.verdict().variant()).isEqualTo("bold");
                assertThat(rollback.verdict().logLimit())
                        .as("each has half of alpha")
                        .isEqualTo(-StrictMath.log(0.01 / 2));
            });
            assertThat(chain.said("on")).extracting(Verdict::decision).doesNotContain(Decision.BREACHED);
            assertThat(last(chain.said("on")).decision()).isEqualTo(Decision.HEALTHY);
            assertThat(last(chain.said("bold")).decision()).isEqualTo(Decision.BREACHED);
            assertThat(served(chain, "US")).containsOnlyKeys("off", "on");
        }
    }

    @Test
    void aCountryThatIsHarmedIsTakenOutAloneThoughAllTogetherGain() {
        try (Chain chain = new Chain(folder, DOCUMENTS.formatted("segment", "[ country ]", "[ \"on\" ]"))) {
            play(chain, (variant, country) -> variant.equals("off") ? 1 : country.equals("UK") ? 0.6 : 1.3);

            assertThat(chain.rollbacks()).singleElement().satisfies(rollback -> {
                assertThat(rollback.target()).isEqualTo(RollbackTarget.segment("country", "UK"));
                assertThat(rollback.reason()).startsWith("conversion in country=UK −");
            });
            assertThat(last(chain.said("on")).decision()).isEqualTo(Decision.HEALTHY);
            assertThat(last(chain.said("on")).estimate().ratio()).isGreaterThan(1);
            assertThat(served(chain, "UK")).containsOnlyKeys("off");
            assertThat(served(chain, "US")).containsOnlyKeys("off", "on");
        }
    }

    /** Plays until long after the first rollback. */
    private static void play(Chain chain, ToDoubleBiFunction<String, String> effect) {
        SplittableRandom random = new SplittableRandom(7);
        Map<String, String> had = new HashMap<>();
        int left = 8_000;
        for (int visit = 1; left > 0; visit++) {
            String unit = "u" + visit;
            String country = COUNTRIES.get(visit % COUNTRIES.size());
            String variant = chain.visit(unit, country).variant();
            had.put(unit, variant);
            if (random.nextDouble() < BASE * effect.applyAsDouble(variant, country)) {
                chain.happens(unit, "purchase");
            }
            if (visit % GLANCE == 0) {
                chain.pass();
            }
            assertThat(visit).as("nothing was taken out").isLessThan(40_000);
            left -= chain.rollbacks().isEmpty() ? 0 : 1;
        }
        assertThat(had.values()).contains("off", "on");
        had.forEach((unit, variant) -> {
            String country = COUNTRIES.get(Integer.parseInt(unit.substring(1)) % COUNTRIES.size());
            assertThat(chain.evaluate(unit, country).variant())
                    .as(unit + " had " + variant)
                    .isIn(variant, "off");
        });
    }

    private static Map<String, List<String>> served(Chain chain, String country) {
        Map<String, List<String>> all = new HashMap<>();
        for (int i = 0; i < 200; i++) {
            String variant = chain.evaluate("new" + i, country).variant();
            all.computeIfAbsent(variant, any -> new ArrayList<>()).add("new" + i);
        }
        return all;
    }

    private static Verdict last(List<Verdict> verdicts) {
        return verdicts.get(verdicts.size() - 1);
    }
}
