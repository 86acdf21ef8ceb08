// SPDX-License-Identifier: Apache-2.0
package dev.belay.cli;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.belay.manifest.Document;
import dev.belay.manifest.Manifests;
import dev.belay.manifest.RolloutDocument;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Writes documents; a rollout is started. Everything is checked here before anything is sent. */
@Command(
        name = "apply",
        mixinStandardHelpOptions = true,
        description = "Writes the documents of a file, YAML or JSON; a rollout is started.")
final class ApplyCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long GLANCE_MILLIS = 200;
    private static final int CREATED = 201;

    /** What the scheduler answers while it has not read yet what was applied a moment ago. */
    private static final Set<Integer> NOT_YET_SEEN = Set.of(404, 422);

    private final Terminal terminal;

    @Mixin
    final ServerOptions server;

    @Option(
            names = {"-f", "--file"},
            required = true,
            paramLabel = "FILE",
            description = "file, - for standard input; may be repeated")
    List<String> files = new ArrayList<>();

    ApplyCommand(Terminal terminal) {
        this.terminal = terminal;
        this.server = new ServerOptions(terminal);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<Document> documents = new ArrayList<>();
        List<JsonNode> trees = new ArrayList<>();
        for (String file : files) {
            String text = terminal.read(file);
            documents.addAll(Manifests.parse(text));
            trees.addAll(Manifests.trees(text));
        }
        Server connected = server.connect();
        for (int i = 0; i < documents.size(); i++) {
            apply(connected, documents.get(i), trees.get(i), i > 0);
        }
        return 0;
    }

    private void apply(Server connected, Document document, JsonNode tree, boolean isAfterOthers)
            throws IOException, InterruptedException {
        if (document instanceof RolloutDocument rollout) {
            RolloutStart start = RolloutStart.of(rollout, tree, server);
            Instant patience = Instant.now().plus(isAfterOthers ? PATIENCE : Duration.ZERO);
            terminal.out().println(start(connected, start, patience));
            return;
        }
        Server.Answer answer = connected.put(Paths.of(document), tree);
        terminal.out()
                .println(document.kind().text() + " " + Paths.name(document)
                        + (answer.status() == CREATED ? " created" : " applied"));
    }

    private static String start(Server connected, RolloutStart start, Instant patience)
            throws IOException, InterruptedException {
        while (true) {
            try {
                return Lines.rollout(start.post(connected, "?apply=true"));
            } catch (RefusedException e) {
                boolean mayPass = NOT_YET_SEEN.contains(e.status()) && !e.code().equals("not-yet-supported");
                if (!mayPass || Instant.now().isAfter(patience)) {
                    throw e;
                }
                Thread.sleep(GLANCE_MILLIS);
            }
        }
    }

    /** A rollout with its project, as it is posted. */
    record RolloutStart(ObjectNode tree) {
        static RolloutStart of(RolloutDocument rollout, JsonNode tree, ServerOptions server) {
            ObjectNode complete = tree.deepCopy();
            if (rollout.project() == null) {
                complete.withObject("/spec").put("project", server.requireProject());
            }
            return new RolloutStart(complete);
        }

        /** Returns the rollout that was started. */
        JsonNode post(Server server, String query) throws IOException, InterruptedException {
            return server.post("/rollouts" + query, tree).body();
        }
    }
}
