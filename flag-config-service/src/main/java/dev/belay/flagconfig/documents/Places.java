// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.documents;

import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

/** Projects and environments: they exist because a document names them. */
@ApplicationScoped
public class Places {
    private final Documents documents;

    Places(Documents documents) {
        this.documents = documents;
    }

    /** Returns where all documents are that are there. */
    public List<Address> all() {
        return documents.addresses();
    }
}
