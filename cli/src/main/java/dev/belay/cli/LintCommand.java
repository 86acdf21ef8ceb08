// SPDX-License-Identifier: Apache-2.0
package dev.belay.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.belay.manifest.ManifestError;
import dev.belay.manifest.ManifestException;
import dev.belay.manifest.Manifests;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Checks documents without a server. */
@Command(
        name = "lint",
        mixinStandardHelpOptions = true,
        description =
                "Checks documents by the published JSON Schema and by the rules no schema can say. Needs no server."
                        + " Ends with 1 when anything is wrong.")
final class LintCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    final OutputOptions output = new OutputOptions();

    @Parameters(arity = "0..*", paramLabel = "FILE", description = "files, - for standard input")
    List<String> files = new ArrayList<>();

    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            description = "one more file; may be repeated")
    List<String> more = new ArrayList<>();

    @Option(names = "--schema", description = "write the schema instead, for an editor")
    boolean schema;

    LintCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        if (schema) {
            terminal.out().println(DocumentSchema.tree().toPrettyString());
            return ExitCodes.DONE;
        }
        List<String> all = new ArrayList<>(files);
        all.addAll(more);
        if (all.isEmpty()) {
            throw new IllegalArgumentException("FILE must name at least one file, was nothing");
        }
        DocumentSchema published = DocumentSchema.published();
        ArrayNode found = JsonNodeFactory.instance.arrayNode();
        int documents = 0;
        for (String file : all) {
            documents += check(file, terminal.read(file), published, found);
        }
        int checked = documents;
        output.print(terminal, found, () -> page(found, checked));
        return found.isEmpty() ? ExitCodes.DONE : ExitCodes.ERROR;
    }

    private static int check(String file, String text, DocumentSchema published, ArrayNode found) {
        Set<Integer> unread = new TreeSet<>();
        List<JsonNode> trees;
        try {
            trees = Manifests.trees(text);
        } catch (ManifestException e) {
            e.errors().forEach(error -> add(found, file, error.document(), error.sentence()));
            return 0;
        }
        try {
            Manifests.parse(text);
        } catch (ManifestException e) {
            for (ManifestError error : e.errors()) {
                add(found, file, error.document(), error.sentence());
                unread.add(error.document());
            }
        }
        for (int i = 0; i < trees.size(); i++) {
            // Where rules were broken they say more than the schema does.
            if (!unread.contains(i)) {
                for (String refusal : published.refusals(trees.get(i), true)) {
                    add(found, file, i, refusal);
                }
            }
        }
        return trees.size();
    }

    private static void add(ArrayNode found, String file, int document, String sentence) {
        found.addObject().put("file", file).put("document", document + 1).put("sentence", sentence);
    }

    private static String page(ArrayNode found, int documents) {
        StringBuilder page = new StringBuilder();
        found.forEach(each -> page.append(each.path("file").asText())
                .append(": document ")
                .append(each.path("document").asInt())
                .append(": ")
                .append(each.path("sentence").asText())
                .append('\n'));
        return page.isEmpty()
                ? documents + (documents == 1 ? " document is" : " documents are") + " right.\n"
                : page.toString();
    }
}
