// SPDX-License-Identifier: Apache-2.0
package dev.belay.k8s.story;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.belay.k8s.manifests.Manifests;
import org.testcontainers.DockerClientFactory;

import static org.junit.jupiter.api.Assumptions.abort;

/** Whether there is an engine that runs containers, and something to build images on. */
final class Engine {
    private static final Path SCRIPTS = Manifests.ROOT.resolve("k8s").resolve("images");
    private static final String LOCAL = "belay-base:local";

    private Engine() {}

    /**
     * Returns the name of an image with a Java runtime: {@code BELAY_BASE_IMAGE}, else the local one, built if need be.
     * Without, the test is skipped and says so; with {@code BELAY_REQUIRE_CONTAINERS=true} it fails.
     */
    static String baseImage() throws InterruptedException {
        if (!isFound()) {
            return skip("no container engine is found (DOCKER_HOST or a socket)");
        }
        String chosen = System.getenv("BELAY_BASE_IMAGE");
        if (chosen != null && !chosen.isBlank()) {
            return chosen;
        }
        try {
            if (run(List.of("docker", "image", "inspect", LOCAL), Map.of()).code() != 0) {
                Said built = run(List.of(SCRIPTS.resolve("base").toString(), LOCAL), Map.of());
                if (built.code() != 0) {
                    return skip("no base image could be built: " + built.text());
                }
            }
            return LOCAL;
        } catch (IOException e) {
            return skip("images cannot be built: " + e.getMessage());
        }
    }

    /** The client of the tests speaks one version of the engine's language and no older one, unless it is told which. */
    private static boolean isFound() throws InterruptedException {
        try {
            Said version = run(List.of("docker", "version", "--format", "{{.Server.APIVersion}}"), Map.of());
            if (version.code() != 0) {
                return false;
            }
            System.setProperty("api.version", version.text());
            return DockerClientFactory.instance().isDockerAvailable();
        } catch (IOException e) {
            return false;
        }
    }

    /** Builds images of services as {@code belay-story/NAME:local}. */
    static void build(String base, List<String> services) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(SCRIPTS.resolve("build").toString()));
        command.addAll(services);
        Said said = run(command, Map.of("BASE_IMAGE", base, "IMAGE_PREFIX", "belay-story/", "IMAGE_TAG", "local"));
        if (said.code() != 0) {
            throw new IOException(said.text());
        }
    }

    static String image(String service) {
        return "belay-story/" + service + ":local";
    }

    private record Said(int code, String text) {}

    private static Said run(List<String> command, Map<String, String> environment)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Said(process.waitFor(), text.trim());
    }

    private static String skip(String reason) {
        if (Boolean.parseBoolean(System.getenv("BELAY_REQUIRE_CONTAINERS"))) {
            throw new AssertionError(reason);
        }
        System.err.println("\n*** SKIPPED: the story with the images: " + reason + " ***\n");
        return abort(reason);
    }
}
