// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.documents;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.contracts.FlagRef;
import dev.belay.contracts.flags.FlagDefinition;
import dev.belay.http.CurrentCaller;
import dev.belay.http.Page;
import dev.belay.http.ProblemException;
import dev.belay.manifest.FlagDocument;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;

/** Answers requests for flags. */
@ApplicationScoped
public class FlagDesk {
    /** Media type of documents in YAML. */
    public static final String YAML = DocumentDesk.YAML;

    private final DocumentDesk desk;
    private final CurrentCaller caller;

    FlagDesk(DocumentDesk desk, CurrentCaller caller) {
        this.desk = desk;
        this.caller = caller;
    }

    /** Writes what the body says to the address of the path. */
    public Response put(FlagRef path, String body, @Nullable String reason, HttpHeaders headers) {
        return desk.put(FlagType.INSTANCE, address(path), body, reason, headers);
    }

    /** Answers with a flag, or 304 when the caller has it. */
    public Response get(FlagRef path, @Nullable Long version, HttpHeaders headers) {
        return desk.get(FlagType.INSTANCE, address(path), version, headers);
    }

    /** Archives a flag. */
    public Response delete(FlagRef path, @Nullable String reason, HttpHeaders headers) {
        return desk.delete(FlagType.INSTANCE, address(path), reason, headers);
    }

    /** Answers with the flags the caller may see, in the order of their keys. */
    public Page<JsonNode> list(
            @Nullable String project, @Nullable String environment, int limit, @Nullable String after) {
        return desk.list(FlagType.INSTANCE, project, environment, limit, after);
    }

    /**
     * Reads a flag that the caller may write.
     *
     * @throws ProblemException 400 if the text is no flag or another than the path's, 403 if the caller may not
     */
    public FlagDocument read(FlagRef path, String body) {
        return desk.read(FlagType.INSTANCE, address(path), body);
    }

    /** @throws ProblemException 403 unless the caller's key leaves the flag */
    public void requireAccess(FlagRef path) {
        caller.get().requireAccess(path.project(), path.environment());
    }

    /** Returns who writes, and on what condition. */
    public Change change(@Nullable String reason, HttpHeaders headers) {
        return desk.change(reason, headers);
    }

    /** Returns a flag as the caller asked for it, with its version as the tag. */
    public Response answer(FlagDefinition flag, Response.Status status, HttpHeaders headers) {
        return DocumentDesk.answer(FlagType.INSTANCE, flag, status, headers);
    }

    private static Address address(FlagRef ref) {
        return new Address(ref.project(), ref.environment(), ref.flag());
    }
}
