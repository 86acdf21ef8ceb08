// SPDX-License-Identifier: Apache-2.0
package dev.belay.k8s.manifests;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

/** Where manifests come from: the files as they are, or what {@code kubectl kustomize} makes of them. */
public final class Manifests {
    public static final Path ROOT = Path.of(System.getProperty("belay.root", ".."));
    static final Path BASE = ROOT.resolve("k8s").resolve("base");
    static final Path OVERLAYS = ROOT.resolve("k8s").resolve("overlays");

    private Manifests() {}

    /** Returns the objects in the files that the base lists. */
    public static List<Manifest> written() throws IOException {
        List<Manifest> all = new ArrayList<>();
        for (JsonNode file : kustomization().path("resources")) {
            all.addAll(Manifest.parseAll(Files.readString(BASE.resolve(file.asText()))));
        }
        return all;
    }

    /** Returns the settings that the base gives to all services. */
    public static Map<String, String> settings() throws IOException {
        Map<String, String> all = new LinkedHashMap<>();
        for (JsonNode generator : kustomization().path("configMapGenerator")) {
            for (JsonNode literal : generator.path("literals")) {
                String[] setting = literal.asText().split("=", 2);
                all.put(setting[0], setting[1]);
            }
        }
        return all;
    }

    /** Returns what {@code kubectl kustomize} makes of a folder. Without kubectl the test is skipped, and says so. */
    static List<Manifest> rendered(Path folder) throws IOException, InterruptedException {
        return Manifest.parseAll(render(folder));
    }

    static String render(Path folder) throws IOException, InterruptedException {
        Process process;
        Path errors = Files.createTempFile("kustomize", ".err");
        try {
            process = new ProcessBuilder("kubectl", "kustomize", folder.toString())
                    .redirectError(errors.toFile())
                    .start();
        } catch (IOException e) {
            return skip("no kubectl is on the PATH: " + folder + " is not rendered");
        }
        try (InputStream out = process.getInputStream()) {
            String text = new String(out.readAllBytes(), StandardCharsets.UTF_8);
            int code = process.waitFor();
            String said = Files.readString(errors);
            if (said.contains("must be a file")) {
                return skip("this kubectl is older than folders as resources: " + folder + " is not rendered");
            }
            assertThat(code).as(said).isZero();
            return text;
        } finally {
            Files.delete(errors);
        }
    }

    private static String skip(String reason) {
        if (Boolean.parseBoolean(System.getenv("BELAY_REQUIRE_KUBECTL"))) {
            throw new AssertionError(reason);
        }
        System.err.println("\n*** SKIPPED: " + reason + " ***\n");
        return abort(reason);
    }

    private static JsonNode kustomization() throws IOException {
        return Manifest.parse(Files.readString(BASE.resolve("kustomization.yaml")))
                .json();
    }
}
