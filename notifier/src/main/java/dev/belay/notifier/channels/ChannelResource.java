// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.channels;

import java.util.Comparator;
import java.util.List;

import dev.belay.contracts.Require;
import dev.belay.contracts.keys.Role;
import dev.belay.http.Allowed;
import dev.belay.http.Caller;
import dev.belay.http.CurrentCaller;
import dev.belay.http.ETags;
import dev.belay.http.FieldError;
import dev.belay.http.Page;
import dev.belay.http.ProblemException;
import dev.belay.manifest.ChannelDocument;
import dev.belay.manifest.ManifestException;
import dev.belay.manifest.Manifests;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Where people are told. An address is written and never read again. */
@Path("/api/v1/channels")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Channels")
public class ChannelResource {
    private final Channels channels;
    private final Destinations destinations;
    private final CurrentCaller caller;

    ChannelResource(Channels channels, Destinations destinations, CurrentCaller caller) {
        this.channels = channels;
        this.destinations = destinations;
        this.caller = caller;
    }

    @PUT
    @Path("/{project}/{name}")
    @Consumes({"application/yaml", MediaType.APPLICATION_JSON})
    @Allowed(Role.EDITOR)
    @Operation(summary = "Write a channel: a document of kind Channel, YAML or JSON")
    public Response put(
            @PathParam("project") String project,
            @PathParam("name") String name,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
            String body) {
        Caller by = caller.get();
        by.requireAccess(project, null);
        ChannelDocument document = read(body);
        Require.that(document.project().equals(project), "spec.project", "must be " + project, document.project());
        Require.that(document.name().equals(name), "metadata.name", "must be " + name, document.name());
        destinations.refusal(document.url()).ifPresent(ChannelResource::refuse);
        return tagged(channels.put(document, ifMatch, by.actor()));
    }

    @GET
    @Path("/{project}/{name}")
    @Allowed(Role.VIEWER)
    @Operation(summary = "A channel, its address masked")
    public Response get(@PathParam("project") String project, @PathParam("name") String name) {
        caller.get().requireAccess(project, null);
        return tagged(channels.channel(project, name)
                .orElseThrow(() -> ProblemException.notFound("channel " + project + "/" + name)));
    }

    @GET
    @Allowed(Role.VIEWER)
    @Operation(summary = "Channels, their addresses masked")
    public Page<Channel> list(
            @QueryParam("project") @Nullable String project,
            @QueryParam("limit") @DefaultValue("100") int limit,
            @QueryParam("after") @Nullable String after) {
        Caller by = caller.get();
        List<Channel> visible = channels.channels(project).stream()
                .filter(channel -> by.mayUse(channel.project(), null))
                .sorted(Comparator.comparing(ChannelResource::key))
                .toList();
        return Page.of(visible, ChannelResource::key, limit, after);
    }

    private static String key(Channel channel) {
        return channel.project() + "/" + channel.name();
    }

    private static Response tagged(Channel channel) {
        return Response.ok(channel).tag(ETags.of(channel.version())).build();
    }

    private static ChannelDocument read(String body) {
        try {
            return Manifests.parseOne(body, ChannelDocument.class);
        } catch (ManifestException e) {
            List<FieldError> errors = e.errors().stream()
                    .map(error -> new FieldError(error.path(), error.rule(), error.value()))
                    .toList();
            throw ProblemException.badRequest("invalid", String.valueOf(e.getMessage()), errors);
        }
    }

    private static void refuse(String rule) {
        throw ProblemException.unprocessable(
                "forbidden-address", "spec.url " + rule, List.of(new FieldError("spec.url", rule, "a secret")));
    }
}
