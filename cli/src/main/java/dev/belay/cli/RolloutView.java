// SPDX-License-Identifier: Apache-2.0
package dev.belay.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.belay.contracts.FlagRef;

/**
 * A rollout as it is now, with why and what it rests on.
 *
 * @param state the rollout
 * @param why why it is where it is; missing where nobody says
 * @param evidence evidence per guardrail; empty when the watcher does not answer
 */
record RolloutView(JsonNode state, JsonNode why, List<JsonNode> evidence) {
    private static final int ALL_PAGES = 1_000;
    private static final double PERCENT = 100;

    /** @param epoch the epoch; 0 for the latest */
    static RolloutView of(Server server, FlagRef ref, int epoch) throws IOException, InterruptedException {
        String path = Paths.rollouts(ref) + (epoch == 0 ? "" : "/" + epoch);
        JsonNode state = server.get(path).body();
        String its = Paths.rollouts(ref) + "/" + state.path("epoch").asInt();
        Optional<JsonNode> why = server.find(its + "/why");
        List<JsonNode> evidence = new ArrayList<>();
        try {
            for (JsonNode each : server.list("/evidence/" + Paths.of(ref), ALL_PAGES)) {
                if (each.path("epoch").asInt() == state.path("epoch").asInt()) {
                    evidence.add(each);
                }
            }
        } catch (RefusedException e) {
            // A rollout can be looked at without its watcher.
            evidence.clear();
        }
        return new RolloutView(state, why.orElse(JsonNodeFactory.instance.missingNode()), evidence);
    }

    /** Returns all of it as one object. */
    ObjectNode json() {
        ObjectNode all = JsonNodeFactory.instance.objectNode();
        all.set("rollout", state);
        if (!why.isMissingNode()) {
            all.set("why", why);
        }
        all.withArray("evidence").addAll(evidence);
        return all;
    }

    /** Returns a page for people. */
    String page() {
        StringBuilder page = new StringBuilder(Lines.rollout(state)).append('\n');
        page.append(stages()).append('\n');
        if (!why.isMissingNode()) {
            page.append('\n').append(Lines.why(why));
        }
        if (!evidence.isEmpty()) {
            page.append('\n').append(table());
        }
        return page.toString();
    }

    /** Returns {@code internal > beta > [canary] > everyone}. */
    private String stages() {
        List<String> names = new ArrayList<>();
        String present = Lines.stage(state);
        state.path("plan").path("stages").forEach(stage -> {
            String name = stage.path("name").asText();
            names.add(name.equals(present) ? "[" + name + "]" : name);
        });
        return String.join(" > ", names);
    }

    /** Returns the evidence as a table. */
    String table() {
        List<String> titles = List.of("GUARDRAIL", "SEGMENT", "CONTROL", "TREATMENT", "CHANGE", "EVIDENCE");
        List<List<String>> rows = evidence.stream()
                .map(each -> List.of(
                        each.path("guardrail").asText(),
                        each.path("segment").asText("everyone"),
                        counts(each.path("control")),
                        counts(each.path("treatment")),
                        change(each.path("estimate")),
                        odds(each.path("logTotal"))))
                .toList();
        return Lines.table(titles, rows);
    }

    private static String counts(JsonNode counts) {
        return String.format(
                "%,d of %,d",
                counts.path("events").asLong(), counts.path("exposed").asLong());
    }

    private static String change(JsonNode estimate) {
        JsonNode ratio = estimate.path("ratio");
        return ratio.isNumber() ? String.format("%+.1f %%", (ratio.doubleValue() - 1) * PERCENT) : "unknown";
    }

    /** Evidence of 100:1 rolls back. */
    private static String odds(JsonNode log) {
        return log.isNumber() ? String.format("%.3g:1", Math.exp(log.doubleValue())) : "";
    }
}
