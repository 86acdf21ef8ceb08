// SPDX-License-Identifier: Apache-2.0
package dev.belay.cli;

import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Writes what a shell needs to complete words. */
@Command(
        name = "completion",
        mixinStandardHelpOptions = true,
        description = "Writes the completion of words for bash and zsh: source <(belay completion)")
final class CompletionCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Spec
    @Nullable
    CommandSpec spec;

    CompletionCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        if (spec == null) {
            throw new IllegalStateException("is a command of belay");
        }
        terminal.out().println(AutoComplete.bash("belay", spec.root().commandLine()));
        return 0;
    }
}
