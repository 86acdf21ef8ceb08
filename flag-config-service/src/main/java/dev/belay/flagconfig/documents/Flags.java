// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.documents;

import java.util.Optional;

import dev.belay.contracts.FlagRef;
import dev.belay.contracts.flags.FlagDefinition;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

/** Flags for the other features of the service. */
@ApplicationScoped
public class Flags {
    private final Documents documents;

    Flags(Documents documents) {
        this.documents = documents;
    }

    /** Returns the flag, also an archived one, and holds its lock until the transaction ends. */
    @Transactional(Transactional.TxType.MANDATORY)
    public Optional<FlagDefinition> hold(FlagRef ref) {
        return documents.hold(FlagType.INSTANCE, address(ref));
    }

    /**
     * Writes a flag made from the one that {@link #hold} returned.
     *
     * @param action for audit, for instance {@code fold}
     */
    @Transactional(Transactional.TxType.MANDATORY)
    public void replace(FlagDefinition before, FlagDefinition after, Change change, String action) {
        documents.replace(FlagType.INSTANCE, address(after.ref()), before, after, change, action);
    }

    private static Address address(FlagRef ref) {
        return new Address(ref.project(), ref.environment(), ref.flag());
    }
}
