// SPDX-License-Identifier: Apache-2.0
package dev.belay.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.belay.contracts.FlagRef;
import dev.belay.manifest.Document;
import dev.belay.manifest.Manifests;
import dev.belay.manifest.RolloutDocument;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What {@code apply} would change. */
@Command(
        name = "diff",
        mixinStandardHelpOptions = true,
        description = "Says what applying the documents of a file would change; changes nothing itself.")
final class DiffCommand implements Callable<Integer> {
    /** What a rollout starts from that names no template. */
    private static final String UNNAMED = "default";

    private final Terminal terminal;

    @Mixin
    final ServerOptions server;

    @Mixin
    final OutputOptions output = new OutputOptions();

    @Option(
            names = {"-f", "--file"},
            required = true,
            paramLabel = "FILE",
            description = "file, - for standard input; may be repeated")
    List<String> files = new ArrayList<>();

    @Option(names = "--exit-code", description = "end with 3 when anything differs")
    boolean exitCode;

    DiffCommand(Terminal terminal) {
        this.terminal = terminal;
        this.server = new ServerOptions(terminal);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<Document> documents = new ArrayList<>();
        for (String file : files) {
            documents.addAll(Manifests.parse(terminal.read(file)));
        }
        Server connected = server.connect();
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        for (Document document : documents) {
            ObjectNode found = document instanceof RolloutDocument rollout
                    ? rollout(connected, rollout)
                    : document(connected, document);
            if (found.path("changes").size() > 0 || found.has("note")) {
                all.add(found);
            }
        }
        output.print(terminal, all, () -> page(all));
        boolean differs = false;
        for (JsonNode each : all) {
            differs |= each.path("changes").size() > 0;
        }
        return exitCode && differs ? ExitCodes.FAILED : 0;
    }

    private static ObjectNode document(Server connected, Document document) throws IOException, InterruptedException {
        Optional<JsonNode> present = connected.find(Paths.of(document));
        JsonNode wanted = Canonical.of(document);
        JsonNode there = present.map(Canonical::of).orElse(JsonNodeFactory.instance.objectNode());
        ObjectNode found = named(document.kind().text() + " " + Paths.name(document), present.isEmpty());
        Canonical.changes(there, wanted).forEach(found.withArray("changes")::add);
        return found;
    }

    /** A rollout is started once: what became of it since is no difference, and applying undoes none of it. */
    private ObjectNode rollout(Server connected, RolloutDocument document) throws IOException, InterruptedException {
        String project = document.project() == null ? server.requireProject() : document.project();
        FlagRef ref = new FlagRef(project, document.environment(), document.flag());
        Optional<JsonNode> present = connected.find(Paths.rollouts(ref));
        ObjectNode found = named("Rollout " + ref.key(), present.isEmpty());
        if (present.isEmpty()) {
            found.withArray("changes")
                    .add("would be started from " + document.template().text());
            return found;
        }
        JsonNode state = present.get();
        String template = state.path("plan").path("template").asText("");
        String named = document.template().text();
        boolean isSame = (named.equals(UNNAMED) || (template + "@").startsWith(named + "@"))
                && state.path("plan").path("control").asText().equals(document.control());
        String status = state.path("status").asText().toLowerCase(Locale.ROOT).replace('_', ' ');
        String epoch = state.path("epoch").asText();
        if (isSame) {
            found.put("note", status.equals("running") ? "runs, epoch " + epoch : status + " at epoch " + epoch);
        } else {
            found.withArray("changes")
                    .add("epoch " + epoch + " (" + status + ") is from " + template + ", not from "
                            + document.template().text());
        }
        return found;
    }

    private static ObjectNode named(String name, boolean isNew) {
        ObjectNode found = JsonNodeFactory.instance.objectNode();
        return found.put("document", name).put("isNew", isNew);
    }

    private static String page(ArrayNode all) {
        StringBuilder page = new StringBuilder();
        for (JsonNode each : all) {
            page.append(each.path("document").asText())
                    .append(each.path("isNew").asBoolean() ? " is new" : "")
                    .append(each.has("note") ? ": " + each.path("note").asText() : "")
                    .append('\n');
            each.path("changes")
                    .forEach(change -> page.append("  ").append(change.asText()).append('\n'));
        }
        return page.length() == 0 ? "Nothing differs.\n" : page.toString();
    }
}
