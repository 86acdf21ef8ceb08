// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.keys;

import java.util.List;

import dev.belay.contracts.Require;
import dev.belay.contracts.keys.Role;
import dev.belay.http.Allowed;
import dev.belay.http.Caller;
import dev.belay.http.CurrentCaller;
import dev.belay.http.IdempotencyKey;
import dev.belay.http.Page;
import dev.belay.http.ProblemException;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Keys. */
@Path("/api/v1/keys")
@Tag(name = "keys")
@Produces(MediaType.APPLICATION_JSON)
@Allowed(Role.ADMIN)
public class KeyResource {
    private final Keys keys;
    private final CurrentCaller caller;

    KeyResource(Keys keys, CurrentCaller caller) {
        this.keys = keys;
        this.caller = caller;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Make a key; its text is in this answer only",
            description = "A repeat with the same Idempotency-Key is answered with the same key, by 200, for a week.")
    public Response create(
            @HeaderParam(IdempotencyKey.HEADER) @Nullable String idempotencyKey, @Nullable KeyRequest body) {
        KeyRequest request = Require.nonNull(body, "body");
        requireWithin(request.project(), request.environment());
        Repeat repeat = IdempotencyKey.of(idempotencyKey, caller.get())
                .map(key -> new Repeat(key.id(), "key " + request.text(), caller::derive))
                .orElse(null);
        MadeKey made = keys.create(request, false, caller.get().actor(), repeat);
        return Response.status(made.isNew() ? Response.Status.CREATED : Response.Status.OK)
                .entity(made.key())
                .build();
    }

    @GET
    @Operation(summary = "List keys")
    public Page<KeyView> list(
            @QueryParam("limit") @DefaultValue("100") int limit, @QueryParam("after") @Nullable String after) {
        Caller who = caller.get();
        List<KeyView> visible = keys.list(false).stream()
                .filter(key -> isWithin(who, key.project(), key.environment()))
                .toList();
        return Page.of(visible, KeyView::id, limit, after);
    }

    @GET
    @Path("{id}")
    @Operation(summary = "Read a key")
    public KeyView get(@PathParam("id") String id) {
        KeyView key = keys.get(id);
        requireWithin(key.project(), key.environment());
        return key;
    }

    @DELETE
    @Path("{id}")
    @Operation(summary = "Take a key back")
    public Response revoke(@PathParam("id") String id, @QueryParam("reason") @Nullable String reason) {
        KeyView key = keys.get(id);
        requireWithin(key.project(), key.environment());
        keys.revoke(id, caller.get().actor(), reason);
        return Response.noContent().build();
    }

    private void requireWithin(@Nullable String project, @Nullable String environment) {
        if (!isWithin(caller.get(), project, environment)) {
            throw ProblemException.forbidden(
                    "a key limited to " + caller.get().project() + " has no say in keys beyond it");
        }
    }

    /** A limited administrator must not make or see a key that may do more. */
    private static boolean isWithin(Caller who, @Nullable String project, @Nullable String environment) {
        return (who.project() == null || who.project().equals(project))
                && (who.environment() == null || who.environment().equals(environment));
    }
}
