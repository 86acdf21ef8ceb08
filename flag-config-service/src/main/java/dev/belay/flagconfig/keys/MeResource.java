// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.keys;

import java.time.Instant;

import dev.belay.contracts.keys.Role;
import dev.belay.http.Allowed;
import dev.belay.http.Caller;
import dev.belay.http.CurrentCaller;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Who a key belongs to, for its holder. Needs no database. */
@Path("/api/v1/me")
@Tag(name = "keys")
@Produces(MediaType.APPLICATION_JSON)
@Allowed(Role.VIEWER)
public class MeResource {
    private final CurrentCaller caller;

    MeResource(CurrentCaller caller) {
        this.caller = caller;
    }

    /**
     * The holder of a key.
     *
     * @param name the person's login, or the key's name
     * @param keyId public part of the key
     * @param role what the holder may do
     * @param project project the key is limited to; null for all
     * @param environment environment the key is limited to; null for all
     * @param at the service's clock
     */
    public record Me(
            String name,
            String keyId,
            @Nullable Role role,
            @Nullable String project,
            @Nullable String environment,
            Instant at) {}

    @GET
    @Operation(summary = "Say who the key belongs to and what its holder may do")
    public Me me() {
        Caller who = caller.get();
        return new Me(who.actor().name(), who.keyId(), who.role(), who.project(), who.environment(), Instant.now());
    }
}
