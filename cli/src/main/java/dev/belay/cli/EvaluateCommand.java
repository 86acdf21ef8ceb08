// SPDX-License-Identifier: Apache-2.0
package dev.belay.cli;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.belay.contracts.FlagRef;
import dev.belay.contracts.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What an edge serves somebody, and why. */
@Command(
        name = "evaluate",
        mixinStandardHelpOptions = true,
        description =
                "Asks the edge what it serves a unit, and why. That is an exposure: the unit counts as having seen it.")
final class EvaluateCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    final ServerOptions server;

    @Mixin
    final OutputOptions output = new OutputOptions();

    @Parameters(index = "0", paramLabel = "FLAG", description = "key of the flag, or project/environment/flag")
    String flag = "";

    @Option(
            names = {"-u", "--unit"},
            required = true,
            paramLabel = "ID",
            description = "id of the unit")
    String unit = "";

    @Option(
            names = "--property",
            paramLabel = "NAME=VALUE",
            description = "property of the unit, JSON or text; may be repeated")
    Map<String, String> properties = new LinkedHashMap<>();

    EvaluateCommand(Terminal terminal) {
        this.terminal = terminal;
        this.server = new ServerOptions(terminal);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        FlagRef ref = server.flag(flag);
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ObjectNode context = body.putObject("context").put("targetingKey", unit);
        properties.forEach((name, value) -> context.set(name, value(value)));
        JsonNode answer = server.connectAbout(ref)
                .post("/ofrep/v1/evaluate/flags/" + Paths.encoded(ref.flag()), body)
                .body();
        output.print(terminal, answer, () -> line(ref, answer));
        return 0;
    }

    private static JsonNode value(String text) {
        try {
            JsonNode value = Json.mapper().readTree(text);
            return value == null || value.isMissingNode() ? TextNode.valueOf(text) : value;
        } catch (JsonProcessingException e) {
            return TextNode.valueOf(text);
        }
    }

    private String line(FlagRef ref, JsonNode answer) {
        return ref.key() + " for " + unit + ": " + answer.path("value") + " ("
                + answer.path("variant").asText("no variant") + ", "
                + answer.path("reason").asText("no reason") + ")\n";
    }
}
