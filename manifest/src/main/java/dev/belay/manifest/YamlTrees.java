// SPDX-License-Identifier: Apache-2.0
package dev.belay.manifest;

import java.io.StringReader;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.belay.contracts.Require;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeId;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * Reads YAML with the core schema of version 1.2: {@code on}, {@code off}, {@code yes} and {@code no} are text, only
 * {@code true} and {@code false} are booleans, times and dates are text.
 */
final class YamlTrees {
    /** Aliases repeat what they name: this bounds what a small text can grow into. */
    private static final int MOST_NODES = 200_000;

    private static final int DEEPEST = 60;
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final List<ManifestError> refusals = new ArrayList<>();
    private int document;
    private int nodes;

    /** @throws ManifestException at the first mark that is no YAML */
    List<Tree> read(String text) {
        List<Tree> trees = new ArrayList<>();
        try {
            for (Node node : yaml().composeAll(new StringReader(text))) {
                document = trees.size();
                refusals.clear();
                JsonNode tree = convert(node, "", 0);
                trees.add(new Tree(tree, refusals));
            }
        } catch (MarkedYAMLException e) {
            throw ManifestException.of(place(e), "must be YAML or JSON", String.valueOf(e.getProblem()));
        } catch (YAMLException e) {
            throw ManifestException.of("document", "must be YAML or JSON", String.valueOf(e.getMessage()));
        }
        return trees;
    }

    /** Returns whether a text without quotes would be read as that text. */
    static boolean isText(String plain) {
        return new CoreSchemaResolver().resolve(NodeId.scalar, plain, true).equals(Tag.STR);
    }

    private static String place(MarkedYAMLException e) {
        return e.getProblemMark() == null
                ? "document"
                : "line " + (e.getProblemMark().getLine() + 1) + " column "
                        + (e.getProblemMark().getColumn() + 1);
    }

    private static Yaml yaml() {
        LoaderOptions loading = new LoaderOptions();
        DumperOptions dumping = new DumperOptions();
        return new Yaml(
                new SafeConstructor(loading), new Representer(dumping), dumping, loading, new CoreSchemaResolver());
    }

    private JsonNode convert(Node node, String path, int depth) {
        nodes++;
        if (nodes > MOST_NODES || depth > DEEPEST) {
            throw new YAMLException("too large or too deep once its aliases are resolved");
        }
        if (node instanceof MappingNode mapping) {
            return object(mapping, path, depth);
        }
        if (node instanceof SequenceNode sequence) {
            ArrayNode items = NODES.arrayNode();
            sequence.getValue().forEach(item -> items.add(convert(item, path + "[" + items.size() + "]", depth + 1)));
            return items;
        }
        return scalar((ScalarNode) node, path);
    }

    private JsonNode object(MappingNode mapping, String path, int depth) {
        ObjectNode object = NODES.objectNode();
        for (NodeTuple tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode keyNode)) {
                refuse(path, "must have text as keys", "a key that is a list or an object");
                continue;
            }
            String key = keyNode.getValue();
            String keyPath = path.isEmpty() ? key : path + "." + key;
            JsonNode value = convert(tuple.getValueNode(), keyPath, depth + 1);
            if (object.has(key)) {
                refuse(keyPath, "must be given once", Refusals.shown(value));
            } else {
                object.set(key, value);
            }
        }
        return object;
    }

    private JsonNode scalar(ScalarNode node, String path) {
        Tag tag = node.getTag();
        String text = node.getValue();
        try {
            if (tag.equals(Tag.STR)) {
                return NODES.textNode(text);
            }
            if (tag.equals(Tag.NULL)) {
                return NODES.nullNode();
            }
            if (tag.equals(Tag.BOOL)) {
                Require.that(CoreSchemaResolver.TRUTH.matcher(text).matches(), path, "must be true or false", text);
                return NODES.booleanNode(text.equalsIgnoreCase("true"));
            }
            if (tag.equals(Tag.INT)) {
                return whole(text);
            }
            if (tag.equals(Tag.FLOAT)) {
                return NODES.numberNode(Double.parseDouble(text));
            }
            refuse(path, "has a tag that is not supported", tag.getValue());
        } catch (IllegalArgumentException e) {
            refuse(path, "must fit its tag " + tag.getValue(), text);
        }
        return NODES.nullNode();
    }

    private static JsonNode whole(String text) {
        BigInteger number = text.startsWith("0x")
                ? new BigInteger(text.substring(2), 16)
                : text.startsWith("0o") ? new BigInteger(text.substring(2), 8) : new BigInteger(text);
        if (number.bitLength() < Integer.SIZE) {
            return NODES.numberNode(number.intValue());
        }
        return number.bitLength() < Long.SIZE ? NODES.numberNode(number.longValue()) : NODES.numberNode(number);
    }

    private void refuse(String path, String rule, @Nullable Object value) {
        refusals.add(new ManifestError(path.isEmpty() ? "document" : path, rule, value, document));
    }

    /** What plain scalars mean. */
    private static final class CoreSchemaResolver extends Resolver {
        static final Pattern TRUTH = Pattern.compile("true|True|TRUE|false|False|FALSE");

        private static final Pattern NOTHING = Pattern.compile("~|null|Null|NULL| ");
        private static final Pattern WHOLE = Pattern.compile("[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+");
        private static final Pattern FRACTION =
                Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");

        @Override
        protected void addImplicitResolvers() {
            addImplicitResolver(Tag.BOOL, TRUTH, "tTfF");
            addImplicitResolver(Tag.INT, WHOLE, "-+0123456789");
            addImplicitResolver(Tag.FLOAT, FRACTION, "-+.0123456789");
            addImplicitResolver(Tag.NULL, NOTHING, "~nN\0");
            addImplicitResolver(Tag.NULL, EMPTY, null);
        }
    }
}
