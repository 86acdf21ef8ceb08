// SPDX-License-Identifier: Apache-2.0
package dev.belay.k8s.manifests;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

/** One object of the cluster, as it is written. */
public record Manifest(JsonNode json) {
    private static final YAMLMapper YAML = new YAMLMapper();

    /** Returns the objects of a text with {@code ---} between. */
    static List<Manifest> parseAll(String yaml) throws IOException {
        List<Manifest> all = new ArrayList<>();
        try (MappingIterator<JsonNode> documents =
                YAML.readerFor(JsonNode.class).readValues(yaml)) {
            while (documents.hasNext()) {
                JsonNode document = documents.next();
                if (document.isObject()) {
                    all.add(new Manifest(document));
                }
            }
        }
        return all;
    }

    static Manifest parse(String yaml) throws IOException {
        return new Manifest(YAML.readTree(yaml));
    }

    public String kind() {
        return json.path("kind").asText();
    }

    public String name() {
        return json.path("metadata").path("name").asText();
    }

    String apiVersion() {
        return json.path("apiVersion").asText();
    }

    /** Whether it makes pods. */
    public boolean isWorkload() {
        return json.path("spec").path("template").path("spec").has("containers");
    }

    /** Returns what its pods are. */
    public JsonNode pod() {
        return json.path("spec").path("template").path("spec");
    }

    JsonNode podLabels() {
        return json.path("spec").path("template").path("metadata").path("labels");
    }

    /** Returns its containers, those that run first included. */
    Stream<JsonNode> containers() {
        return Stream.concat(stream(pod().path("initContainers")), stream(pod().path("containers")));
    }

    /** Returns the one container of its pods. */
    public JsonNode container() {
        if (containers().count() != 1) {
            throw new IllegalStateException(this + " has not one container");
        }
        return pod().path("containers").get(0);
    }

    /** Returns the elements of a list, or the values of an object. */
    public static Stream<JsonNode> stream(JsonNode node) {
        return StreamSupport.stream(node.spliterator(), false);
    }

    @Override
    public String toString() {
        return kind() + "/" + name();
    }
}
