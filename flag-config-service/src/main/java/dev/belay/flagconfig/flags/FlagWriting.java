// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.flags;

import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

import dev.belay.contracts.FlagRef;
import dev.belay.contracts.flags.FlagDefinition;
import dev.belay.flagconfig.changes.Changes;
import dev.belay.flagconfig.changes.FlagChange;
import dev.belay.flagconfig.documents.Change;
import dev.belay.flagconfig.documents.FlagDesk;
import dev.belay.flagconfig.documents.Flags;
import dev.belay.flagconfig.documents.Written;
import dev.belay.http.ETags;
import dev.belay.http.ProblemException;
import dev.belay.manifest.FlagDocument;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;

/** Writes a flag now, or opens a change that is made later: all requests that change a flag end here. */
@ApplicationScoped
class FlagWriting {
    private static final int ACCEPTED = 202;

    private final Flags flags;
    private final Changes changes;
    private final FlagDesk desk;

    FlagWriting(Flags flags, Changes changes, FlagDesk desk) {
        this.flags = flags;
        this.changes = changes;
        this.desk = desk;
    }

    /**
     * When a flag is written.
     *
     * @param propose whether others are asked first
     * @param at when it is written by itself; null for at once, or when somebody makes the change
     */
    record When(boolean propose, @Nullable Instant at) {
        boolean isLater() {
            return propose || at != null;
        }
    }

    /** Writes a flag, or opens a change of it. */
    Response write(FlagDocument document, Change change, When when, HttpHeaders headers) {
        if (when.isLater()) {
            return later(document, change, when);
        }
        Written<FlagDefinition> written = flags.put(document, change);
        Response.Status status = written.isNew() ? Response.Status.CREATED : Response.Status.OK;
        return desk.answer(written.value(), status, headers);
    }

    /**
     * Writes what is made of the flag as it stands, in one step.
     *
     * @throws ProblemException 404 if there is no such flag, and what {@link #write} says
     */
    @Transactional
    Response edit(
            FlagRef ref, Function<FlagDefinition, FlagDocument> edit, Change change, When when, HttpHeaders headers) {
        Optional<FlagDefinition> stands = flags.hold(ref);
        if (stands.isEmpty()) {
            throw ProblemException.notFound("flag " + ref);
        }
        return write(edit.apply(stands.get()), change, when, headers);
    }

    private Response later(FlagDocument document, Change change, When when) {
        FlagChange opened = changes.propose(document, change, when.at());
        return Response.status(ACCEPTED)
                .header(HttpHeaders.LOCATION, "/api/v1/changes/" + opened.id())
                .tag(ETags.of(opened.version()))
                .entity(opened)
                .build();
    }
}
