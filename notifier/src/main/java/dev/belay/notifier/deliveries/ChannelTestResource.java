// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.deliveries;

import java.net.URI;
import java.time.Instant;
import java.util.UUID;

import dev.belay.contracts.keys.Role;
import dev.belay.http.Allowed;
import dev.belay.http.Caller;
import dev.belay.http.CurrentCaller;
import dev.belay.http.IdempotencyKey;
import dev.belay.http.ProblemException;
import dev.belay.notifier.channels.Addressee;
import dev.belay.notifier.channels.Channels;
import dev.belay.notifier.decision.Occasion;
import dev.belay.notifier.decision.Telling;
import dev.belay.notifier.message.ChannelMessages;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Sends a message to see whether a channel works. */
@Path("/api/v1/channels/{project}/{name}/test")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Channels")
public class ChannelTestResource {
    private final Channels channels;
    private final Deliveries deliveries;
    private final CurrentCaller caller;

    ChannelTestResource(Channels channels, Deliveries deliveries, CurrentCaller caller) {
        this.channels = channels;
        this.deliveries = deliveries;
        this.caller = caller;
    }

    @POST
    @Allowed(Role.EDITOR)
    @Operation(summary = "Send a test; 202 with the delivery, whose log says what came of it")
    public Response test(
            @PathParam("project") String project,
            @PathParam("name") String name,
            @HeaderParam(IdempotencyKey.HEADER) @Nullable String key) {
        Caller by = caller.get();
        by.requireAccess(project, null);
        Addressee to = channels.addressee(project, name)
                .orElseThrow(() -> ProblemException.notFound("channel " + project + "/" + name));
        String word = IdempotencyKey.of(key, by).map(IdempotencyKey::id).orElseGet(() -> UUID.randomUUID()
                .toString());
        String subject = "channel:" + project + "/" + name;
        Delivery delivery = deliveries.addTo(
                to,
                new Telling(subject, Occasion.TEST, subject + "#test:" + word, 0),
                ChannelMessages.test(project, name, by.actor().name(), Instant.now()));
        return Response.accepted(delivery)
                .location(URI.create("/api/v1/deliveries/" + delivery.id()))
                .build();
    }
}
