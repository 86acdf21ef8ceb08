// SPDX-License-Identifier: Apache-2.0
package dev.belay.manifest;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.jspecify.annotations.Nullable;

/** Splits a text into its documents: YAML, several YAML documents, a JSON object, or a JSON array of objects. */
final class Trees {
    private static final ObjectMapper STRICT_JSON = new ObjectMapper(JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build());

    private Trees() {}

    /** @throws ManifestException if the text is neither YAML nor JSON, or empty */
    static List<Tree> of(String text) {
        List<Tree> trees = json(text);
        List<Tree> flat = flat(trees == null ? new YamlTrees().read(text) : trees);
        if (flat.isEmpty()) {
            throw ManifestException.of("document", "must not be empty", "no document");
        }
        return flat;
    }

    /** Returns null for what is no JSON; YAML's reader then says better what is wrong, also with JSON. */
    private static @Nullable List<Tree> json(String text) {
        String start = text.stripLeading();
        if (!start.startsWith("{") && !start.startsWith("[")) {
            return null;
        }
        List<Tree> trees = new ArrayList<>();
        try (MappingIterator<JsonNode> values =
                STRICT_JSON.readerFor(JsonNode.class).readValues(text)) {
            while (values.hasNextValue()) {
                trees.add(new Tree(values.nextValue(), List.of()));
            }
            return trees;
        } catch (IOException e) {
            return null;
        }
    }

    /** A list at the top is a list of documents; empty documents are none. */
    private static List<Tree> flat(List<Tree> trees) {
        List<Tree> flat = new ArrayList<>();
        for (Tree tree : trees) {
            if (tree.node().isArray()) {
                tree.node().forEach(item -> flat.add(new Tree(item, List.of())));
            } else if (!tree.node().isNull()) {
                flat.add(tree);
            }
        }
        return flat;
    }
}
