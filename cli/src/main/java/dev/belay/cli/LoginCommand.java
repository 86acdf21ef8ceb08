// SPDX-License-Identifier: Apache-2.0
package dev.belay.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Callable;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Remembers a server and a key, once the server has said that the key is good. */
@Command(
        name = "login",
        mixinStandardHelpOptions = true,
        description = "Remembers --server, a key, --project and --environment for later commands. Reads the key from"
                + " standard input where --key and $BELAY_KEY are not given, so that it is in no history.")
final class LoginCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    final ServerOptions server;

    LoginCommand(Terminal terminal) {
        this.terminal = terminal;
        this.server = new ServerOptions(terminal);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        String url = server.givenUrl().orElseThrow(() -> new IOException("needs --server URL or $BELAY_URL"));
        Optional<String> given = server.givenKey();
        String key = given.isPresent() ? given.get() : typed();
        String project = server.project().orElse(null);
        String environment = server.environment().orElse(null);
        JsonNode me = new Server(url, key, project, environment).get("/me").body();
        LoginFile file = LoginFile.of(terminal.environment())
                .orElseThrow(() -> new IOException("needs $HOME to remember the key in"));
        file.write(new LoginFile.Login(url, key, project, environment));
        terminal.out()
                .println("Logged in at " + url + " as " + me.path("name").asText("?") + " ("
                        + me.path("role").asText("no role") + "); remembered in " + file.path());
        return 0;
    }

    private String typed() throws IOException {
        terminal.err().print("key: ");
        terminal.err().flush();
        BufferedReader lines = new BufferedReader(new InputStreamReader(terminal.in(), StandardCharsets.UTF_8));
        String line = lines.readLine();
        if (line == null || line.isBlank()) {
            throw new IOException("needs a key: --key KEY, $BELAY_KEY, or a line on standard input");
        }
        return line.strip();
    }
}
