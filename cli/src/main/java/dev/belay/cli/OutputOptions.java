// SPDX-License-Identifier: Apache-2.0
package dev.belay.cli;

import java.util.function.Supplier;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.belay.manifest.ManifestForm;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a result is written. */
final class OutputOptions {
    /** Forms of a result. */
    enum Form {
        table,
        yaml,
        json
    }

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORM",
            description = "table, yaml or json")
    @Nullable
    Form form;

    /** Writes a result as it was asked for; by default for people. */
    void print(Terminal terminal, JsonNode result, Supplier<String> page) {
        if (form == null || form == Form.table) {
            terminal.out().print(page.get());
        } else {
            terminal.out().print(text(result));
        }
    }

    /** Writes a document: YAML, unless JSON is asked for. */
    void print(Terminal terminal, JsonNode document) {
        terminal.out().print(text(document));
    }

    private String text(JsonNode node) {
        JsonNode given = node.isMissingNode() ? NullNode.getInstance() : node;
        return form == Form.json ? given.toPrettyString() + "\n" : ManifestForm.yaml(given);
    }
}
