// SPDX-License-Identifier: Apache-2.0
package dev.belay.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.belay.contracts.Json;

/**
 * The keys of an installation and where it answers, as {@code belay keys} shows them.
 *
 * @param url base address of everything
 * @param admin key for REST with the role admin
 * @param server key for servers that evaluate flags and send events
 * @param client key for browsers and apps
 * @param events key for senders of events
 */
public record Keys(String url, String admin, String server, String client, String events) {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String FILE = "keys.json";
    private static final String ID_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";
    private static final int ID_LENGTH = 8;
    private static final int SECRET_BYTES = 32;

    /** Returns the keys kept in {@code data}, or new ones, kept there for the owner's eyes only. */
    public static Keys in(Path data, String url) throws IOException {
        Path file = data.resolve(FILE);
        Keys keys = Files.exists(file) ? read(file).at(url) : fresh(url);
        keep(keys, data, file);
        return keys;
    }

    /** The file is whole at every moment: who loses power while it is written still has the old one. */
    private static void keep(Keys keys, Path data, Path file) throws IOException {
        Path draft = Files.createTempFile(
                data, FILE, null, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        ObjectMapper mapper = Json.mapper();
        Files.writeString(draft, mapper.writerWithDefaultPrettyPrinter().writeValueAsString(keys) + "\n");
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Returns what {@code belay.bootstrap.keys} takes: one {@code scope=key} per key. */
    public String asBootstrap() {
        return "admin=" + admin + ",server=" + server + ",client=" + client + ",events=" + events;
    }

    /** Returns the address of the page, with the admin key in the part that browsers send to nobody. */
    public String page() {
        return url + "/#key=" + admin;
    }

    private Keys at(String newUrl) {
        return new Keys(newUrl, admin, server, client, events);
    }

    private static Keys read(Path file) throws IOException {
        try {
            return Json.mapper().readValue(Files.readString(file), Keys.class);
        } catch (JsonProcessingException e) {
            throw new IOException(file + " does not hold keys: " + e.getOriginalMessage(), e);
        }
    }

    private static Keys fresh(String url) {
        return new Keys(url, newKey(), newKey(), newKey(), newKey());
    }

    private static String newKey() {
        StringBuilder id = new StringBuilder();
        RANDOM.ints(ID_LENGTH, 0, ID_LETTERS.length()).forEach(i -> id.append(ID_LETTERS.charAt(i)));
        byte[] secret = new byte[SECRET_BYTES];
        RANDOM.nextBytes(secret);
        return "bly_" + id + "_" + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    }
}
