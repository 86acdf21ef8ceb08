// SPDX-License-Identifier: Apache-2.0
package dev.belay.contracts.flags;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.contracts.Require;
import org.jspecify.annotations.Nullable;

/**
 * One of the answers a flag can give.
 *
 * @param key name of the variant, unique within the flag
 * @param value what clients receive, of the flag's type
 * @param payload what clients receive besides the value, any JSON; null for none
 */
public record Variant(String key, JsonNode value, @Nullable JsonNode payload) {
    /** @throws IllegalArgumentException if the key is not a name or the value is missing */
    public Variant {
        Require.name(key, "variant.key");
        Require.that(value != null && !value.isNull(), "variant.value", "is required", value);
        payload = payload == null || payload.isNull() ? null : payload;
    }

    /** A variant without a payload. */
    public Variant(String key, JsonNode value) {
        this(key, value, null);
    }
}
