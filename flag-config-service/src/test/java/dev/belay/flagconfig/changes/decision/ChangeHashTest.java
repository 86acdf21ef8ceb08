// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.changes.decision;

import java.time.Instant;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.contracts.Json;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ChangeHashTest {
    private static final Instant NOON = Instant.parse("2026-01-05T12:00:00Z");
    private static final JsonNode DOCUMENT = json("{\"a\":1,\"b\":[{\"c\":2,\"d\":3}]}");

    @Test
    void isTheSameWhateverTheOrderOfFields() {
        assertThat(ChangeHash.of("f", 3, NOON, json("{\"b\":[{\"d\":3,\"c\":2}],\"a\":1}")))
                .isEqualTo(ChangeHash.of("f", 3, NOON, DOCUMENT))
                .matches("[0-9a-f]{64}");
    }

    @Test
    void isAnotherForEverythingThatDecidesWhatTheChangeDoes() {
        assertThat(ChangeHash.of("f", 3, NOON, DOCUMENT))
                .isNotEqualTo(ChangeHash.of("g", 3, NOON, DOCUMENT))
                .isNotEqualTo(ChangeHash.of("f", 4, NOON, DOCUMENT))
                .isNotEqualTo(ChangeHash.of("f", 3, NOON.plusSeconds(1), DOCUMENT))
                .isNotEqualTo(ChangeHash.of("f", 3, null, DOCUMENT))
                .isNotEqualTo(ChangeHash.of("f", 3, NOON, json("{\"a\":2,\"b\":[{\"c\":2,\"d\":3}]}")));
    }

    @Test
    void isAnotherForAnotherOrderOfRules() {
        assertThat(ChangeHash.of("f", 1, null, json("[1,2]"))).isNotEqualTo(ChangeHash.of("f", 1, null, json("[2,1]")));
    }

    private static JsonNode json(String text) {
        return Json.read(text, JsonNode.class);
    }
}
