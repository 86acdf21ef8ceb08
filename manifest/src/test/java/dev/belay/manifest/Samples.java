// SPDX-License-Identifier: Apache-2.0
package dev.belay.manifest;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** Texts and what is made of them. */
final class Samples {
    private Samples() {}

    static String resource(String name) {
        try (InputStream in = Samples.class.getResourceAsStream("/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns a document of a kind, its spec indented by two. */
    static String document(String kind, String spec) {
        return "apiVersion: belay.dev/v1\nkind: " + kind + "\nmetadata: { name: sample }\nspec:\n" + spec.indent(2);
    }

    static String with(String text, String old, String replacement) {
        if (!text.contains(old)) {
            throw new IllegalArgumentException("no " + old);
        }
        return text.replace(old, replacement);
    }

    static List<ManifestError> errors(String text) {
        ManifestException refusal = catchThrowableOfType(ManifestException.class, () -> Manifests.parse(text));
        if (refusal == null) {
            throw new AssertionError("was accepted: " + text);
        }
        return refusal.errors();
    }

    static List<String> sentences(String text) {
        return errors(text).stream().map(ManifestError::sentence).toList();
    }
}
