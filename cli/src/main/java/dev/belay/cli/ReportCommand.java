// SPDX-License-Identifier: Apache-2.0
package dev.belay.cli;

import java.io.IOException;

import dev.belay.contracts.FlagRef;
import picocli.CommandLine.Command;

/** What became of a rollout. */
@Command(
        name = "report",
        description = "Reports whether it worked: how far the rollout came, who saw it, what was found. Markdown, or -o"
                + " json.")
final class ReportCommand extends LookCommand {
    ReportCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    void show(Server connected, FlagRef ref, int asked) throws IOException, InterruptedException {
        String path = Paths.rollouts(ref) + "/" + asked + "/report";
        if (output.form == null || output.form == OutputOptions.Form.table) {
            terminal.out().println(connected.text(path, "text/markdown").stripTrailing());
        } else {
            output.print(terminal, connected.get(path).body());
        }
    }
}
