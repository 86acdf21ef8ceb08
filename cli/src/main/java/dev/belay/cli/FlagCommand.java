// SPDX-License-Identifier: Apache-2.0
package dev.belay.cli;

import java.io.IOException;
import java.util.concurrent.Callable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.belay.contracts.FlagRef;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A command about one flag, with a reason for the record. */
@Command(mixinStandardHelpOptions = true)
abstract class FlagCommand implements Callable<Integer> {
    final Terminal terminal;

    @Mixin
    final ServerOptions server;

    @Parameters(index = "0", paramLabel = "FLAG", description = "key of the flag, or project/environment/flag")
    String flag = "";

    @Option(
            names = {"-r", "--reason"},
            required = true,
            paramLabel = "TEXT",
            description = "why, for people")
    String reason = "";

    @Mixin
    final OutputOptions output = new OutputOptions();

    FlagCommand(Terminal terminal) {
        this.terminal = terminal;
        this.server = new ServerOptions(terminal);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Done done = act(server.connect(), server.flag(flag));
        output.print(terminal, done.answer(), () -> done.sentence() + "\n");
        return 0;
    }

    /**
     * What was done.
     *
     * @param answer what the server said
     * @param sentence all of it for people
     */
    record Done(JsonNode answer, String sentence) {}

    /** Does it. */
    abstract Done act(Server connected, FlagRef ref) throws IOException, InterruptedException;

    ObjectNode body() {
        return JsonNodeFactory.instance.objectNode().put("reason", reason);
    }

    ObjectNode bodyAbout(FlagRef ref) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("project", ref.project())
                .put("environment", ref.environment())
                .put("flag", ref.flag())
                .put("reason", reason);
    }
}
