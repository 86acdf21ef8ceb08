// SPDX-License-Identifier: Apache-2.0
package dev.belay.manifest;

import org.jspecify.annotations.Nullable;

/**
 * One thing wrong with a document.
 *
 * @param path where, for instance {@code spec.stages[2].to}
 * @param rule what must hold, readable after the path
 * @param value what was found; null when nothing was there, shortened when it is long
 * @param document index of the document in the text, from 0
 */
public record ManifestError(
        String path, String rule, @Nullable Object value, int document) {
    /** Returns {@code <path> <rule>, was <value>}. */
    public String sentence() {
        return path + " " + rule + ", was " + value;
    }
}
