// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge.signals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.contracts.flags.FlagDefinition;
import dev.belay.contracts.flags.Variant;
import org.jspecify.annotations.Nullable;

/** Finds the variant that other products mean by the value of a flag. */
public final class Variants {
    private static final int PAIR = 2;

    private Variants() {}

    /**
     * Returns the key of the variant with that key, else of the one with that value. Where no value is a boolean, false is
     * the off variant and true the other one of two.
     *
     * @param value what the client says it got: a boolean, or the key or value of a variant
     * @return null when no variant fits
     */
    public static @Nullable String keyOf(FlagDefinition flag, JsonNode value) {
        if (value.isTextual() && flag.variant(value.textValue()).isPresent()) {
            return value.textValue();
        }
        for (Variant variant : flag.variants()) {
            if (variant.value().equals(value) || isSameText(variant.value(), value)) {
                return variant.key();
            }
        }
        return value.isBoolean() ? onOrOff(flag, value.booleanValue()) : null;
    }

    private static boolean isSameText(JsonNode known, JsonNode value) {
        return known.isValueNode() && value.isValueNode() && known.asText().equals(value.asText());
    }

    private static @Nullable String onOrOff(FlagDefinition flag, boolean on) {
        if (!on) {
            return flag.offVariant();
        }
        return flag.variants().size() == PAIR
                ? flag.variants().stream()
                        .map(Variant::key)
                        .filter(key -> !key.equals(flag.offVariant()))
                        .findFirst()
                        .orElse(null)
                : null;
    }
}
