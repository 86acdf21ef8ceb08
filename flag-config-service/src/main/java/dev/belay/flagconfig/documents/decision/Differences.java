// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.documents.decision;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import org.jspecify.annotations.Nullable;

/**
 * Compares two documents field by field. Pure. Items of lists are matched by what names them (a rule's name, a prerequisite's
 * flag, a forced unit), so that one inserted above does not make all below look changed; another order is a difference of its
 * own. Lists without names are matched by position, and lists of plain values are compared as a whole.
 */
public final class Differences {
    private static final List<String> NAMES = List.of("name", "flag", "unit");

    private final List<Difference> found = new ArrayList<>();

    private Differences() {}

    /**
     * One field that differs.
     *
     * @param path where, for instance {@code spec.rules[usa].percent}
     * @param from what stands in the first; null when nothing does
     * @param to what stands in the second; null when nothing does
     */
    public record Difference(
            String path, @Nullable JsonNode from, @Nullable JsonNode to) {}

    /** Returns what differs, in the order of the first document and then of the second; null for no document. */
    public static List<Difference> between(@Nullable JsonNode from, @Nullable JsonNode to) {
        Differences differences = new Differences();
        differences.compare("", from, to);
        return List.copyOf(differences.found);
    }

    private void compare(String path, @Nullable JsonNode from, @Nullable JsonNode to) {
        if (Objects.equals(from, to)) {
            return;
        }
        if (from != null && to != null && from.isObject() && to.isObject()) {
            compareFields(path, from, to);
        } else if (from != null && to != null && from.isArray() && to.isArray()) {
            compareLists(path, from, to);
        } else if (path.isEmpty()) {
            compareFields(path, from == null ? empty() : from, to == null ? empty() : to);
        } else {
            found.add(new Difference(path, from, to));
        }
    }

    private static JsonNode empty() {
        return JsonNodeFactory.instance.objectNode();
    }

    private void compareFields(String path, JsonNode from, JsonNode to) {
        Set<String> names = new LinkedHashSet<>();
        from.fieldNames().forEachRemaining(names::add);
        to.fieldNames().forEachRemaining(names::add);
        names.forEach(name -> compare(path.isEmpty() ? name : path + "." + name, from.get(name), to.get(name)));
    }

    private void compareLists(String path, JsonNode from, JsonNode to) {
        Map<String, JsonNode> named = named(from).orElse(null);
        Map<String, JsonNode> others = named(to).orElse(null);
        if (named != null && others != null) {
            compareNamed(path, named, others);
        } else if (isPlain(from) && isPlain(to)) {
            found.add(new Difference(path, from, to));
        } else {
            for (int i = 0; i < Math.max(from.size(), to.size()); i++) {
                compare(path + "[" + i + "]", from.get(i), to.get(i));
            }
        }
    }

    private void compareNamed(String path, Map<String, JsonNode> from, Map<String, JsonNode> to) {
        Set<String> names = new LinkedHashSet<>(from.keySet());
        names.addAll(to.keySet());
        names.forEach(name -> compare(path + "[" + name + "]", from.get(name), to.get(name)));
        List<String> order = from.keySet().stream().filter(to::containsKey).toList();
        List<String> otherOrder = to.keySet().stream().filter(from::containsKey).toList();
        if (!order.equals(otherOrder)) {
            found.add(new Difference(path + " (order)", texts(order), texts(otherOrder)));
        }
    }

    /** Returns the items by their names, when all have one and no two the same. */
    private static Optional<Map<String, JsonNode>> named(JsonNode list) {
        for (String field : NAMES) {
            Map<String, JsonNode> items = new LinkedHashMap<>();
            for (JsonNode item : list) {
                if (item.path(field).isTextual()) {
                    items.put(item.get(field).textValue(), item);
                }
            }
            if (items.size() == list.size()) {
                return Optional.of(items);
            }
        }
        return Optional.empty();
    }

    private static boolean isPlain(JsonNode list) {
        for (JsonNode item : list) {
            if (item.isContainerNode()) {
                return false;
            }
        }
        return true;
    }

    private static ArrayNode texts(List<String> texts) {
        ArrayNode nodes = JsonNodeFactory.instance.arrayNode();
        texts.forEach(nodes::add);
        return nodes;
    }
}
