// SPDX-License-Identifier: Apache-2.0
package dev.belay.standalone.replay;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.contracts.Json;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class DeliveryTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Instant FIRST = Instant.parse("2017-01-02T00:00:00Z");
    private static final int ROWS = 1_000;

    @Test
    void sendsAnExposureForEveryRowAndAnOutcomeForEveryConversion() {
        List<JsonNode> events = events(manner(0, null));

        assertThat(of(events, "exposure")).hasSize(ROWS);
        assertThat(of(events, "outcome")).hasSize(ROWS / 2);
    }

    @Test
    void mapsTheTimesOntoTheLastMinutesAndKeepsTheirOrder() {
        List<Instant> times = events(manner(0, null)).stream()
                .map(event -> Instant.parse(event.get("at").asText()))
                .toList();

        assertThat(times).isSorted();
        assertThat(times.get(0)).isEqualTo(NOW.minus(Duration.ofMinutes(10)));
        assertThat(times.get(times.size() - 1)).isBeforeOrEqualTo(NOW.plusMillis(1));
    }

    @Test
    void thinsTheConversionsOfTheTreatmentOnly() {
        List<JsonNode> events = events(manner(0.3, null));

        assertThat(of(events, "outcome"))
                .filteredOn(event -> event.get("unit").asText().startsWith("c"))
                .hasSize(ROWS / 4);
        assertThat(of(events, "outcome"))
                .filteredOn(event -> event.get("unit").asText().startsWith("t"))
                .hasSizeBetween(ROWS * 13 / 80, ROWS * 15 / 80);
    }

    @Test
    void thinsTheSameConversionsForTheSameSeed() {
        assertThat(events(manner(0.3, null))).isEqualTo(events(manner(0.3, null)));
    }

    @Test
    void shufflesWithoutLosingAnything() {
        List<JsonNode> ordered = events(manner(0, null));
        List<JsonNode> shuffled = events(manner(0, Duration.ofSeconds(60)));

        assertThat(shuffled).containsExactlyInAnyOrderElementsOf(ordered).isNotEqualTo(ordered);
    }

    private static List<JsonNode> events(Delivery.Manner manner) {
        return Delivery.of(recording(), manner, NOW).events().stream()
                .map(text -> Json.read(text, JsonNode.class))
                .toList();
    }

    private static List<JsonNode> of(List<JsonNode> events, String type) {
        return events.stream()
                .filter(event -> event.get("type").asText().equals(type))
                .toList();
    }

    private static Delivery.Manner manner(double thin, Duration shuffleWithin) {
        return new Delivery.Manner(thin, 7, shuffleWithin, 1, 1, "experiment", false, null);
    }

    /** Twenty days; both arms, every second row converted. */
    private static Recording recording() {
        List<Recording.Row> rows = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            boolean treatment = i % 2 == 0;
            boolean converted = i % 4 < 2;
            Instant at = FIRST.plus(Duration.ofDays(20).multipliedBy(i).dividedBy(ROWS - 1));
            rows.add(new Recording.Row(i + 1, (treatment ? "t" : "c") + i, treatment, converted, at, null));
        }
        return new Recording(rows, 0);
    }
}
