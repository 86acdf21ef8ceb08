// SPDX-License-Identifier: Apache-2.0
package dev.belay.cli;

import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;

/** One line about one thing. */
final class Lines {
    private Lines() {}

    /** Says where a rollout is: {@code shop/production/new-checkout epoch 3: RUNNING in stage canary}. */
    static String rollout(JsonNode state) {
        if (!state.hasNonNull("epoch")) {
            return "Done.";
        }
        String stage = stage(state);
        String note = state.path("note").asText("");
        return state.path("project").asText() + "/" + state.path("environment").asText() + "/"
                + state.path("flag").asText() + " epoch " + state.path("epoch").asText() + ": "
                + state.path("status").asText() + (stage.isEmpty() ? "" : " in stage " + stage)
                + (note.isEmpty() ? "" : " (" + note + ")");
    }

    /** Says on one page why a rollout is where it is. */
    static String why(JsonNode why) {
        StringBuilder text = new StringBuilder(why.path("sentence").asText()).append('\n');
        why.path("checks").forEach(check -> text.append(check.path("passed").asBoolean() ? "  yes  " : "  no   ")
                .append(check.path("sentence").asText())
                .append('\n'));
        why.path("guardrails").forEach(guardrail -> text.append("  ")
                .append(guardrail.path("name").asText())
                .append(": ")
                .append(guardrail.path("decision").asText())
                .append(". ")
                .append(guardrail.path("sentence").asText())
                .append('\n'));
        return text.append(why.path("next").asText()).append('\n').toString();
    }

    /** Returns the name of the stage a rollout is in, or nothing. */
    static String stage(JsonNode state) {
        JsonNode allocations = state.path("allocations");
        JsonNode allocation = allocations.path(allocations.size() - 1);
        return state.path("plan")
                .path("stages")
                .path(allocation.path("stage").asInt(-1))
                .path("name")
                .asText("");
    }

    /** Lines up rows under their titles. */
    static String table(List<String> titles, List<List<String>> rows) {
        List<List<String>> all = new ArrayList<>(rows);
        all.add(0, titles);
        StringBuilder text = new StringBuilder();
        for (List<String> row : all) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < titles.size(); column++) {
                line.append(padded(row.get(column), width(all, column)));
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    private static int width(List<List<String>> rows, int column) {
        return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0) + 2;
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }
}
