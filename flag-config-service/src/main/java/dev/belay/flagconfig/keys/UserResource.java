// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.keys;

import java.util.Comparator;

import dev.belay.contracts.Require;
import dev.belay.contracts.keys.Role;
import dev.belay.http.Allowed;
import dev.belay.http.Caller;
import dev.belay.http.CurrentCaller;
import dev.belay.http.IdempotencyKey;
import dev.belay.http.Page;
import dev.belay.http.ProblemException;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Local users: people with a personal key. */
@Path("/api/v1/users")
@Tag(name = "users")
@Produces(MediaType.APPLICATION_JSON)
@Allowed(Role.ADMIN)
public class UserResource {
    private final Keys keys;
    private final CurrentCaller caller;

    UserResource(Keys keys, CurrentCaller caller) {
        this.keys = keys;
        this.caller = caller;
    }

    /**
     * A user.
     *
     * @param login name of the person
     * @param role what the person may do
     * @param keyId public part of the personal key
     * @param active whether the key has not been taken back
     * @param key the whole key; null except in the answer to the request that made it
     */
    public record User(
            String login,
            @Nullable Role role,
            String keyId,
            boolean active,
            @Nullable String key) {
        static User of(KeyView key) {
            return new User(key.name(), key.role(), key.id(), !key.revoked(), key.key());
        }

        String order() {
            return login + "/" + keyId;
        }
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Make a user; the personal key is in this answer only",
            description = "A repeat with the same Idempotency-Key is answered with the same key, by 200, for a week.")
    public Response create(
            @HeaderParam(IdempotencyKey.HEADER) @Nullable String idempotencyKey, @Nullable UserRequest body) {
        KeyRequest request = Require.nonNull(body, "body").key();
        requireUnlimited();
        Repeat repeat = IdempotencyKey.of(idempotencyKey, caller.get())
                .map(key -> new Repeat(key.id(), "user " + request.text(), caller::derive))
                .orElse(null);
        MadeKey made = keys.create(request, true, caller.get().actor(), repeat);
        return Response.status(made.isNew() ? Response.Status.CREATED : Response.Status.OK)
                .entity(User.of(made.key()))
                .build();
    }

    @GET
    @Operation(summary = "List users")
    public Page<User> list(
            @QueryParam("limit") @DefaultValue("100") int limit, @QueryParam("after") @Nullable String after) {
        requireUnlimited();
        return Page.of(
                keys.list(true).stream()
                        .map(User::of)
                        .sorted(Comparator.comparing(User::order))
                        .toList(),
                User::order,
                limit,
                after);
    }

    private void requireUnlimited() {
        Caller who = caller.get();
        if (who.project() != null) {
            throw ProblemException.forbidden("users belong to the installation, and key " + who.keyId()
                    + " is limited to project " + who.project());
        }
    }
}
