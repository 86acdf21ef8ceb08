// SPDX-License-Identifier: Apache-2.0
package dev.belay.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.contracts.Json;

/** Calls commands as a person would, in a folder of their own, beside a server that answers what it was told. */
final class Belay implements AutoCloseable {
    static final String STATE = """
            {"project":"shop","environment":"production","flag":"new-checkout","epoch":3,"version":7,"status":"RUNNING",
             "allocations":[{"number":1,"stage":0},{"number":2,"stage":1}],
             "plan":{"template":"auto@3","control":"off","stages":[{"name":"beta"},{"name":"canary"},{"name":"half"}]},
             "reason":"entered"}""";
    static final String LATEST = "GET /rollouts/shop/production/new-checkout";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Map<String, String> environment = new HashMap<>();
    private final FakeServer server = new FakeServer();
    private final Path folder;
    private String in = "";

    Belay(Path folder) throws IOException {
        this.folder = folder;
        environment.put("BELAY_URL", server.url());
        environment.put("BELAY_KEY", "bly_abcdefgh_secret");
        environment.put("BELAY_PROJECT", "shop");
        environment.put("BELAY_ENVIRONMENT", "production");
    }

    FakeServer server() {
        return server;
    }

    Map<String, String> environment() {
        return environment;
    }

    Belay typing(String text) {
        in = text;
        return this;
    }

    int call(String... args) {
        Terminal terminal = new Terminal(
                new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                environment,
                folder);
        return Main.run(terminal, args);
    }

    String out() {
        String text = out.toString(StandardCharsets.UTF_8);
        out.reset();
        return text;
    }

    String err() {
        String text = err.toString(StandardCharsets.UTF_8);
        err.reset();
        return text;
    }

    static JsonNode json(String text) throws IOException {
        return Json.mapper().readTree(text);
    }

    @Override
    public void close() {
        server.close();
    }
}
