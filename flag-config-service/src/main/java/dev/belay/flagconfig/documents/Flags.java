// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.documents;

import java.util.List;
import java.util.Optional;

import dev.belay.contracts.FlagRef;
import dev.belay.contracts.flags.FlagDefinition;
import dev.belay.http.ProblemException;
import dev.belay.manifest.FlagDocument;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import org.jspecify.annotations.Nullable;

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

    /** Returns the flag, also an archived one. */
    public Optional<FlagDefinition> find(FlagRef ref) {
        return documents.find(FlagType.INSTANCE, address(ref));
    }

    /** @throws ProblemException 404 if there is no such flag, archived or not */
    public FlagDefinition get(FlagRef ref) {
        return documents.get(FlagType.INSTANCE, address(ref));
    }

    /** @throws ProblemException 404 if there never was that version */
    public FlagDefinition get(FlagRef ref, long version) {
        return documents.get(FlagType.INSTANCE, address(ref), version);
    }

    /** Returns the versions below {@code before}, newest first. */
    public List<PastVersion<FlagDefinition>> history(FlagRef ref, long before, int limit) {
        return documents.history(FlagType.INSTANCE, address(ref), before, limit);
    }

    /** Returns the flags that are not archived; null for any project or environment. */
    public List<FlagDefinition> list(@Nullable String project, @Nullable String environment) {
        return documents.list(FlagType.INSTANCE, project, environment);
    }

    /**
     * Writes a flag; what stands already changes nothing.
     *
     * @throws ProblemException 412 if the change's condition does not hold, 403 if it needs approval, or what else is wrong
     */
    public Written<FlagDefinition> put(FlagDocument document, Change change) {
        return documents.put(FlagType.INSTANCE, document, change);
    }

    /** Returns what {@link #put} would leave standing; what needs approval is not refused. */
    public Written<FlagDefinition> rehearse(FlagDocument document, Change change) {
        return documents.rehearse(FlagType.INSTANCE, document, change);
    }

    private static Address address(FlagRef ref) {
        return new Address(ref.project(), ref.environment(), ref.flag());
    }
}
