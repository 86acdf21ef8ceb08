// SPDX-License-Identifier: Apache-2.0
package dev.belay.manifest;

import java.util.List;
import java.util.stream.Collectors;

/** Everything that is wrong with the documents of a text. */
public final class ManifestException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final transient List<ManifestError> errors;

    public ManifestException(List<ManifestError> errors) {
        super(errors.stream().map(ManifestError::sentence).collect(Collectors.joining("\n")));
        this.errors = List.copyOf(errors);
    }

    static ManifestException of(String path, String rule, Object value) {
        return new ManifestException(List.of(new ManifestError(path, rule, value, 0)));
    }

    /** Returns all errors, document by document, at least one. */
    public List<ManifestError> errors() {
        return errors;
    }
}
