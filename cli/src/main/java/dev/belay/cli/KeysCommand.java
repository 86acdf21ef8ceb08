// SPDX-License-Identifier: Apache-2.0
package dev.belay.cli;

import java.io.IOException;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows the keys of {@code belay up} again. */
@Command(name = "keys", mixinStandardHelpOptions = true, description = "Shows the keys of `belay up` in this folder.")
final class KeysCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    final ServerOptions server;

    KeysCommand(Terminal terminal) {
        this.terminal = terminal;
        this.server = new ServerOptions(terminal);
    }

    @Override
    public Integer call() throws IOException {
        KeyFile keys = server.keyFile()
                .orElseThrow(() -> new IOException(
                        "there are no keys in " + server.folder() + ": start `belay up` in this folder first"));
        terminal.out().println("address   " + keys.url());
        terminal.out().println("admin     " + keys.admin());
        terminal.out().println("server    " + keys.server());
        terminal.out().println("client    " + keys.client());
        terminal.out().println("events    " + keys.events());
        return 0;
    }
}
