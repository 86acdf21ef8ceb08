// SPDX-License-Identifier: Apache-2.0
package dev.belay.cli;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.belay.contracts.FlagRef;
import dev.belay.manifest.Manifests;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Starts a rollout from a template. */
@Command(name = "start", mixinStandardHelpOptions = true, description = "Starts a rollout from a template.")
final class StartCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    final ServerOptions server;

    @Mixin
    final OutputOptions output = new OutputOptions();

    @Parameters(index = "0", paramLabel = "FLAG", description = "key of the flag, or project/environment/flag")
    String flag = "";

    @Option(
            names = {"-t", "--template"},
            required = true,
            paramLabel = "NAME[@VERSION]",
            description = "template")
    String template = "";

    @Option(
            names = "--control",
            defaultValue = "off",
            paramLabel = "VARIANT",
            description = "variant that is compared with (default: ${DEFAULT-VALUE})")
    String control = "off";

    @Option(
            names = "--treatment",
            defaultValue = "on",
            paramLabel = "VARIANT",
            description = "variant that is raised; may be repeated (default: ${DEFAULT-VALUE})")
    List<String> treatments = List.of("on");

    @Option(
            names = "--input",
            paramLabel = "INPUT=METRIC",
            description = "metric of one of the template's inputs; may be repeated")
    Map<String, String> inputs = new LinkedHashMap<>();

    @Option(names = "--at", paramLabel = "TIME", description = "when, for instance 2026-01-05T09:00:00Z (default: now)")
    @Nullable
    String startAt;

    StartCommand(Terminal terminal) {
        this.terminal = terminal;
        this.server = new ServerOptions(terminal);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        ObjectNode document = document(server.flag(flag));
        Manifests.parse(document.toString());
        JsonNode state = new ApplyCommand.RolloutStart(document).post(server.connect(), "");
        output.print(terminal, state, () -> Lines.rollout(state) + "\n");
        return 0;
    }

    private ObjectNode document(FlagRef ref) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.put("apiVersion", Manifests.API_VERSION).put("kind", "Rollout");
        ObjectNode spec = document.putObject("spec");
        spec.put("project", ref.project())
                .put("environment", ref.environment())
                .put("flag", ref.flag())
                .put("template", template)
                .put("control", control);
        treatments.forEach(spec.putArray("treatments")::add);
        if (!inputs.isEmpty()) {
            ObjectNode given = spec.putObject("inputs");
            inputs.forEach((input, metric) -> given.putObject(input).put("metric", metric));
        }
        if (startAt != null) {
            spec.put("startAt", startAt);
        }
        return document;
    }
}
