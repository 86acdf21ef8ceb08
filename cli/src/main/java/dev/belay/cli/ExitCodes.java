// SPDX-License-Identifier: Apache-2.0
package dev.belay.cli;

import com.fasterxml.jackson.databind.JsonNode;

/** How a command ends: 0 done, 1 refused or not possible, 2 called wrongly, 3 rolled back or failed. */
final class ExitCodes {
    static final int DONE = 0;
    static final int ERROR = 1;
    static final int FAILED = 3;

    private ExitCodes() {}

    /** Returns whether nothing more will become of a rollout. */
    static boolean isOver(JsonNode state) {
        return switch (state.path("status").asText()) {
            case "COMPLETED", "ROLLED_BACK", "CANCELLED", "RESTORED" -> true;
            default -> false;
        };
    }

    /** Returns what a rollout's end means for whoever waited: everything but completion is a failure. */
    static int of(JsonNode state) {
        return state.path("status").asText().equals("COMPLETED") ? DONE : FAILED;
    }
}
