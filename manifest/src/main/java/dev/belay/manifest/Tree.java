// SPDX-License-Identifier: Apache-2.0
package dev.belay.manifest;

import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * One document of a text before it is understood.
 *
 * @param node what was written
 * @param refusals what was wrong with the writing: keys given twice and the like
 */
record Tree(JsonNode node, List<ManifestError> refusals) {
    Tree {
        refusals = List.copyOf(refusals);
    }
}
