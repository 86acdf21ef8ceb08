// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts.planning;

import java.util.Map;

import dev.belay.judging.planning.Traffic;
import dev.belay.manifest.ManifestException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PlanRequestTest {
    private static final String METRIC = """
            { "apiVersion": "belay.dev/v1", "kind": "Metric", "metadata": { "name": "m" },
              "spec": { "project": "shop", "kind": "rate", "event": "error", "goodWhen": "down" } }""";

    @Test
    void documentsAsTheyAreAreARequestWithoutTraffic() {
        PlanRequest request = PlanRequest.of(METRIC + "\n---\n" + METRIC.replace("\"m\"", "\"n\""));

        assertThat(request.documents()).hasSize(2);
        assertThat(request.traffic()).isEqualTo(Traffic.UNKNOWN);
    }

    @Test
    void manifestMayBeADocumentAListOrText() {
        String quoted = "\"" + METRIC.replace("\"", "\\\"").replace("\n", " ") + "\"";
        for (String manifest : new String[] {METRIC, "[" + METRIC + "]", quoted}) {
            PlanRequest request = PlanRequest.of("{ \"manifest\": " + manifest + ", \"traffic\": {"
                    + " \"unitsPerHour\": { \"rest\": 700, \"segment:beta\": 20 },"
                    + " \"metrics\": { \"m\": 0.1, \"n\": { \"mean\": 3, \"spread\": 5 } } } }");

            assertThat(request.documents()).hasSize(1);
            assertThat(request.traffic().unitsPerHour()).isEqualTo(Map.of("rest", 700.0, "segment:beta", 20.0));
            assertThat(request.traffic().metrics())
                    .isEqualTo(Map.of("m", Traffic.Level.ofRate(0.1), "n", new Traffic.Level(null, 3.0, 5.0)));
        }
    }

    @Test
    void unitsMayBeOneNumberForEverybody() {
        assertThat(PlanRequest.of("{ \"manifest\": " + METRIC + ", \"traffic\": { \"unitsPerHour\": 700 } }")
                        .traffic()
                        .unitsPerHour())
                .isEqualTo(Map.of("rest", 700.0));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"unitsPerHour\":{\"rest\":-1}} | traffic.unitsPerHour.rest must be finite and at least 0, was -1.0",
                "{\"unitsPerHour\":{\"rest\":\"many\"}} | traffic.unitsPerHour.rest must be a number, was \"many\"",
                "{\"unitsPerHour\":[1]} | traffic.unitsPerHour must be an object, was [1]",
                "{\"metrics\":{\"m\":2}} | traffic.metrics.rate must lie in [0, 1], was 2.0",
                "{\"metrics\":{\"m\":{\"rate\":\"x\"}}} | traffic.metrics.m.rate must be a number, was \"x\"",
                "{\"perHour\":1} | traffic must hold unitsPerHour and metrics only, was perHour",
                "7 | traffic must be an object, was 7"
            })
    void trafficIsRefusedByFieldRuleAndValue(String traffic, String sentence) {
        assertThatThrownBy(() -> PlanRequest.of("{ \"manifest\": " + METRIC + ", \"traffic\": " + traffic + " }"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(sentence);
    }

    @Test
    void documentsAreRefusedAsEverywhere() {
        assertThatThrownBy(() -> PlanRequest.of("{ \"manifest\": " + METRIC.replace("rate", "rates") + " }"))
                .isInstanceOf(ManifestException.class);
        assertThatThrownBy(() -> PlanRequest.of("")).isInstanceOf(ManifestException.class);
    }
}
