// SPDX-License-Identifier: Apache-2.0
package dev.belay.cli;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.manifest.ManifestForm;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Everything people wrote, as they could write it again. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        description =
                "Writes all segments, metrics, flags and templates as documents, in an order in which `belay apply`"
                        + " takes them. Channels have secrets and are left out.")
final class ExportCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    final ServerOptions server;

    @Mixin
    final OutputOptions output = new OutputOptions();

    ExportCommand(Terminal terminal) {
        this.terminal = terminal;
        this.server = new ServerOptions(terminal);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Map<String, Optional<String>> query = new LinkedHashMap<>();
        query.put("project", server.project());
        query.put("environment", server.environment());
        JsonNode documents =
                server.connect().get("/projects/export" + Paths.query(query)).body();
        if (output.form == OutputOptions.Form.json) {
            output.print(terminal, documents);
            return 0;
        }
        boolean isFirst = true;
        for (JsonNode document : documents) {
            terminal.out().print((isFirst ? "" : "---\n") + ManifestForm.yaml(document));
            isFirst = false;
        }
        return 0;
    }
}
