// SPDX-License-Identifier: Apache-2.0
package dev.belay.contracts.flags;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;

/** Type of all values of a flag. */
public enum FlagType {
    @JsonProperty("boolean")
    BOOLEAN,
    @JsonProperty("string")
    STRING,
    @JsonProperty("number")
    NUMBER,
    /** An object or array. */
    @JsonProperty("json")
    JSON;

    /** Returns whether {@code value} is of this type. */
    public boolean accepts(JsonNode value) {
        return switch (this) {
            case BOOLEAN -> value.isBoolean();
            case STRING -> value.isTextual();
            case NUMBER -> value.isNumber();
            case JSON -> value.isContainerNode();
        };
    }
}
