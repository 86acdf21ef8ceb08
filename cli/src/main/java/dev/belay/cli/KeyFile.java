// SPDX-License-Identifier: Apache-2.0
package dev.belay.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.contracts.Json;

/**
 * What {@code belay up} leaves in its folder.
 *
 * @param url base address
 * @param admin key for REST with the role admin
 * @param server key for servers that evaluate flags and send events
 * @param client key for browsers and apps
 * @param events key for senders of events
 */
record KeyFile(String url, String admin, String server, String client, String events) {
    private static final String NAME = "keys.json";

    /** Returns what the folder holds, if anything. */
    static Optional<KeyFile> in(Path data) throws IOException {
        Path file = data.resolve(NAME);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            JsonNode node = Json.mapper().readTree(Files.readString(file));
            return Optional.of(new KeyFile(
                    node.path("url").asText(),
                    node.path("admin").asText(),
                    node.path("server").asText(),
                    node.path("client").asText(),
                    node.path("events").asText()));
        } catch (JsonProcessingException e) {
            throw new IOException(file + " does not hold keys: " + e.getOriginalMessage(), e);
        }
    }
}
