// SPDX-License-Identifier: Apache-2.0
package dev.belay.manifest;

import java.util.LinkedHashMap;
import java.util.Map;

import dev.belay.contracts.Json;

/** The words of enums, as they stand in documents and on the wire. */
final class Choices {
    private Choices() {}

    static <E extends Enum<E>> Map<String, E> of(Class<E> type) {
        Map<String, E> choices = new LinkedHashMap<>();
        for (E constant : type.getEnumConstants()) {
            choices.put(word(constant), constant);
        }
        return choices;
    }

    static String word(Enum<?> constant) {
        return Json.tree(constant).asText();
    }
}
