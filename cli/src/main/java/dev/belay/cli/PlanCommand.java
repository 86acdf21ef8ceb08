// SPDX-License-Identifier: Apache-2.0
package dev.belay.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.belay.manifest.Document;
import dev.belay.manifest.Manifests;
import dev.belay.manifest.RolloutDocument;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a rollout would cost. */
@Command(
        name = "plan",
        mixinStandardHelpOptions = true,
        description =
                "Says how many users and how long each stage needs to see its limits, and which guardrails cannot be"
                        + " judged where, at the traffic seen last or given here.")
final class PlanCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    final ServerOptions server;

    @Mixin
    final OutputOptions output = new OutputOptions();

    @Option(
            names = {"-f", "--file"},
            required = true,
            paramLabel = "FILE",
            description = "a Rollout or a RolloutTemplate, perhaps with the metrics it names; - for standard input")
    List<String> files = new ArrayList<>();

    @Option(
            names = "--units",
            paramLabel = "CLAUSE=N",
            description = "units an hour that a clause admits: rest=700, segment:beta=20; may be repeated")
    Map<String, Double> units = new LinkedHashMap<>();

    @Option(
            names = "--rate",
            paramLabel = "METRIC=SHARE",
            description = "share of units that count for a metric, 10%% or 0.1; may be repeated")
    Map<String, String> rates = new LinkedHashMap<>();

    PlanCommand(Terminal terminal) {
        this.terminal = terminal;
        this.server = new ServerOptions(terminal);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        ObjectNode request = JsonNodeFactory.instance.objectNode();
        ArrayNode manifest = request.putArray("manifest");
        for (String file : files) {
            String text = terminal.read(file);
            List<Document> documents = Manifests.parse(text);
            List<JsonNode> trees = Manifests.trees(text);
            for (int i = 0; i < documents.size(); i++) {
                manifest.add(
                        documents.get(i) instanceof RolloutDocument rollout
                                ? ApplyCommand.RolloutStart.of(rollout, trees.get(i), server)
                                        .tree()
                                : trees.get(i));
            }
        }
        ObjectNode traffic = request.putObject("traffic");
        units.forEach((clause, perHour) -> child(traffic, "unitsPerHour").put(clause, perHour));
        rates.forEach((metric, share) ->
                child(child(traffic, "metrics"), metric).put("rate", Shares.parse("--rate " + metric, share)));
        JsonNode answer = server.connect().post("/rollouts/plan", request).body();
        output.print(terminal, answer, () -> page(answer));
        return 0;
    }

    private static ObjectNode child(ObjectNode node, String name) {
        return node.get(name) instanceof ObjectNode there ? there : node.putObject(name);
    }

    private static String page(JsonNode answer) {
        StringBuilder page = new StringBuilder("Plan of ")
                .append(answer.path("template").asText("the rollout"))
                .append(", with traffic from ")
                .append(answer.path("trafficFrom").asText("nothing"))
                .append(".\n\n");
        List<List<String>> rows = new ArrayList<>();
        for (JsonNode stage : answer.path("stages")) {
            for (JsonNode guardrail : stage.path("guardrails")) {
                rows.add(List.of(
                        stage.path("stage").asText(),
                        hours(stage.path("hours")),
                        guardrail.path("guardrail").asText(),
                        guardrail.path("judged").asText(),
                        amount(guardrail, "treatedToBreach", "hoursToBreach"),
                        amount(guardrail, "treatedToHealthy", "hoursToHealthy")));
            }
        }
        page.append(Lines.table(
                List.of("STAGE", "LASTS", "GUARDRAIL", "JUDGED", "TREATED TO BREACH", "TREATED TO HEALTHY"), rows));
        sentences(page, "Warnings", answer.path("warnings"), "");
        sentences(page, "Guardrails you may want", answer.path("suggestions"), "/sentence");
        return page.toString();
    }

    private static void sentences(StringBuilder page, String title, JsonNode items, String pointer) {
        if (!items.isEmpty()) {
            page.append('\n').append(title).append(":\n");
            items.forEach(
                    item -> page.append("  ").append(item.at(pointer).asText()).append('\n'));
        }
    }

    private static String amount(JsonNode guardrail, String units, String hours) {
        JsonNode count = guardrail.path(units);
        if (!count.isNumber()) {
            return "";
        }
        return String.format("%,d", count.asLong())
                + (guardrail.path(hours).isNumber() ? " (" + hours(guardrail.path(hours)) + ")" : "");
    }

    private static String hours(JsonNode hours) {
        return hours.isNumber() ? String.format("%.3g h", hours.doubleValue()) : "?";
    }
}
