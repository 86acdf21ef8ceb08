// SPDX-License-Identifier: Apache-2.0
package dev.belay.manifest;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a document describes. */
public enum Kind {
    FLAG("Flag"),
    SEGMENT("Segment"),
    METRIC("Metric"),
    TEMPLATE("RolloutTemplate"),
    ROLLOUT("Rollout"),
    CHANNEL("Channel");

    private final String text;

    Kind(String text) {
        this.text = text;
    }

    /** Returns the word in the field {@code kind}. */
    public String text() {
        return text;
    }

    static Map<String, Kind> byText() {
        Map<String, Kind> kinds = new LinkedHashMap<>();
        Arrays.stream(values()).forEach(kind -> kinds.put(kind.text, kind));
        return kinds;
    }
}
