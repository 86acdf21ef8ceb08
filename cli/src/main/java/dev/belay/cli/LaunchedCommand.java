// SPDX-License-Identifier: Apache-2.0
package dev.belay.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/** A word that {@code ./belay} answers itself, because it runs the services; here for the help and for completion. */
@Command
final class LaunchedCommand implements Callable<Integer> {
    private final String word;

    @Unmatched
    List<String> words = new ArrayList<>();

    private LaunchedCommand(String word) {
        this.word = word;
    }

    static CommandLine of(String word, String description) {
        CommandLine command = new CommandLine(new LaunchedCommand(word));
        command.getCommandSpec().usageMessage().description(description);
        return command;
    }

    @Override
    public Integer call() throws IOException {
        throw new IOException(word + " runs the services: call ./belay " + word);
    }
}
