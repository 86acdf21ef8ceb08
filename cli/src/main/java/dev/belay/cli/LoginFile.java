// SPDX-License-Identifier: Apache-2.0
package dev.belay.cli;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.belay.contracts.Json;
import org.jspecify.annotations.Nullable;

/**
 * What {@code belay login} remembers, in a file that its owner alone can read.
 *
 * @param folder where the file is
 */
record LoginFile(Path folder) {
    /**
     * A server and how to speak to it.
     *
     * @param url base address
     * @param key key text; a secret
     * @param project default project; null for none
     * @param environment default environment; null for none
     */
    record Login(
            String url,
            String key,
            @Nullable String project,
            @Nullable String environment) {
        /** Without the key: it must be in no message. */
        @Override
        public String toString() {
            return "login at " + url;
        }
    }

    /** Returns the file of whoever has these variables; empty where there is no home. */
    static Optional<LoginFile> of(Map<String, String> environment) {
        Optional<Path> settings = set(environment, "XDG_CONFIG_HOME")
                .map(Path::of)
                .or(() -> set(environment, "HOME").map(home -> Path.of(home, ".config")));
        return settings.map(each -> new LoginFile(each.resolve("belay")));
    }

    private static Optional<String> set(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).filter(text -> !text.isBlank());
    }

    Path path() {
        return folder.resolve("login.json");
    }

    /** Returns what was remembered, if anything. */
    Optional<Login> read() throws IOException {
        Path path = path();
        if (!Files.exists(path)) {
            return Optional.empty();
        }
        try {
            JsonNode node = Json.mapper().readTree(Files.readString(path));
            return Optional.of(new Login(
                    node.path("url").asText(),
                    node.path("key").asText(),
                    node.path("project").textValue(),
                    node.path("environment").textValue()));
        } catch (JsonProcessingException e) {
            throw new IOException(path + " must hold what `belay login` wrote: log in again", e);
        }
    }

    /** Writes it, in one step, so that nobody reads half of it. */
    void write(Login login) throws IOException {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("url", login.url()).put("key", login.key());
        node.put("project", login.project()).put("environment", login.environment());
        Files.createDirectories(folder);
        Path next = Files.createTempFile(folder, "login", ".json", ownersOnly());
        Files.writeString(next, node.toPrettyString() + "\n");
        Files.move(next, path(), StandardCopyOption.REPLACE_EXISTING);
    }

    private static FileAttribute<?>[] ownersOnly() {
        boolean isPosix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        return isPosix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }
}
