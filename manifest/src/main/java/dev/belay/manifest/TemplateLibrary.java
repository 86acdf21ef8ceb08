// SPDX-License-Identifier: Apache-2.0
package dev.belay.manifest;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.belay.contracts.Require;

/** Templates that are ready: they name no metric, and so fit any project that has some. */
public final class TemplateLibrary {
    private static final List<String> NAMES =
            List.of("autorollout-on-conversion", "errors-and-latency", "few-users", "four-eyes");

    private TemplateLibrary() {}

    /** Returns their names, in alphabetical order. */
    public static List<String> names() {
        return NAMES;
    }

    /**
     * Returns a template as a document of a project; empty when there is none of that name.
     *
     * @throws IllegalArgumentException if the project's name is none
     */
    public static Optional<JsonNode> document(String name, String project) {
        Require.name(project, "project");
        if (!NAMES.contains(name)) {
            return Optional.empty();
        }
        JsonNode document = Manifests.trees(text(name)).get(0);
        ((ObjectNode) document.path("spec")).put("project", project);
        return Optional.of(document);
    }

    private static String text(String name) {
        try (InputStream file = TemplateLibrary.class.getResourceAsStream("library/" + name + ".yaml")) {
            return new String(Require.nonNull(file, name).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
