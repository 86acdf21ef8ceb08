// SPDX-License-Identifier: Apache-2.0
package dev.belay.standalone;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import dev.belay.contracts.Json;
import dev.belay.contracts.rollouts.RolloutState;

/** The documents a story applies, as a team would write them. */
public final class Documents {
    private static final String YAML = "application/yaml";
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final long GLANCE_MILLIS = 200;

    private final List<String> documents;

    private Documents(List<String> documents) {
        this.documents = documents;
    }

    /**
     * Reads a file of this jar.
     *
     * @param resource path from the root of the jar
     * @param values what stands for each <code>${name}</code>
     */
    public static Documents of(String resource, Map<String, String> values) throws IOException {
        try (InputStream in = Documents.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException(resource + " is not in the jar");
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            for (Map.Entry<String, String> value : values.entrySet()) {
                text = text.replace("${" + value.getKey() + "}", value.getValue());
            }
            return new Documents(Arrays.asList(text.split("(?m)^---$")));
        }
    }

    /** Returns the documents in their order. */
    public List<String> all() {
        return List.copyOf(documents);
    }

    /**
     * Returns the name of the template that a rollout among them is made from.
     *
     * @throws IllegalStateException if there is no rollout
     */
    public String template() {
        return documents.stream()
                .filter(document -> value(document, "kind:").equals("Rollout"))
                .map(document -> value(document, "template:"))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("documents must have a rollout"));
    }

    /** Applies each in its order; a rollout is started unless its flag has one that runs. */
    public void apply(Api api) throws IOException, InterruptedException {
        for (String document : documents) {
            if (!value(document, "kind:").equals("Rollout")) {
                api.put(path(document), YAML, document);
            } else if (!isRunning(api, document)) {
                start(api, document);
            }
        }
    }

    private static boolean isRunning(Api api, String document) throws IOException, InterruptedException {
        String flag =
                value(document, "project:") + "/" + value(document, "environment:") + "/" + value(document, "flag:");
        return api.get("/api/v1/rollouts/" + flag)
                .map(node ->
                        Json.read(node.toString(), RolloutState.class).status().isLive())
                .orElse(false);
    }

    /** What was just applied may not have reached the scheduler yet: asked again for a while. */
    private static void start(Api api, String document) throws IOException, InterruptedException {
        Instant end = Instant.now().plus(PATIENCE);
        while (true) {
            try {
                api.post("/api/v1/rollouts", YAML, document);
                return;
            } catch (Api.ApiException e) {
                if (e.status() >= 500 || Instant.now().isAfter(end)) {
                    throw e;
                }
                Thread.sleep(GLANCE_MILLIS);
            }
        }
    }

    private static String path(String document) {
        String project = value(document, "project:") + "/";
        String name = value(document, "name:");
        String kind = value(document, "kind:");
        return "/api/v1/"
                + switch (kind) {
                    case "Flag" -> "flags/" + project + value(document, "environment:") + "/" + name;
                    case "Segment" -> "segments/" + project + name;
                    case "Metric" -> "metrics/" + project + name;
                    case "RolloutTemplate" -> "templates/" + project + name;
                    case "Channel" -> "channels/" + project + name;
                    default -> throw new IllegalStateException("no path for kind " + kind);
                };
    }

    private static String value(String document, String key) {
        int from = document.indexOf(key) + key.length();
        return document.substring(from).trim().split("[\\s},]", 2)[0];
    }
}
