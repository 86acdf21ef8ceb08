// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge.stream;

import java.time.Duration;

import dev.belay.contracts.Json;
import dev.belay.contracts.keys.Role;
import dev.belay.contracts.keys.Scope;
import dev.belay.edge.Place;
import dev.belay.edge.serving.Serving;
import dev.belay.evaluation.ServedFlag;
import dev.belay.evaluation.ServedVersions;
import dev.belay.http.Allowed;
import dev.belay.http.AllowedScopes;
import dev.belay.http.CurrentCaller;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.operators.multi.processors.BroadcastProcessor;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/**
 * Server-sent events: one for each flag of the caller's environment that is served differently from now on. The type is
 * OFREP's, so that its clients fetch again; the other fields say what changed. A reader that falls behind is cut off, and
 * fetches everything when it connects again. The first line, a comment, says that no later change is missed.
 */
@Singleton
@Path("/api/v1/stream")
@AllowedScopes({Scope.SERVER, Scope.CLIENT})
@Allowed(Role.VIEWER)
public class StreamResource {
    private static final Duration HEARTBEAT = Duration.ofSeconds(10);
    private static final int MAX_BEHIND = 10_000;

    private final Serving serving;
    private final CurrentCaller caller;
    private final BroadcastProcessor<ServedFlag> changes = BroadcastProcessor.create();

    /** What an event says. */
    record Change(String type, String project, String environment, String flag, ServedVersions versions) {
        static Change of(ServedFlag flag) {
            return new Change(
                    "refetchEvaluation",
                    flag.ref().project(),
                    flag.ref().environment(),
                    flag.ref().flag(),
                    flag.versions());
        }
    }

    StreamResource(Serving serving, CurrentCaller caller) {
        this.serving = serving;
        this.caller = caller;
    }

    void start(@Observes @Priority(5) StartupEvent event) {
        serving.onFlagChange(flag -> {
            if (serving.isSettled()) {
                emit(flag);
            }
        });
    }

    @GET
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @Operation(summary = "Changes of what is served, as server-sent events")
    public Multi<OutboundSseEvent> stream(
            @Context Sse sse,
            @HeaderParam(Place.PROJECT_HEADER) @Nullable String project,
            @HeaderParam(Place.ENVIRONMENT_HEADER) @Nullable String environment) {
        Place place = Place.of(caller.get(), project, environment);
        Multi<OutboundSseEvent> changed = changes.filter(
                        flag -> flag.ref().project().equals(place.project())
                                && flag.ref().environment().equals(place.environment()))
                .onOverflow()
                .buffer(MAX_BEHIND)
                .map(flag -> sse.newEventBuilder()
                        .mediaType(MediaType.TEXT_PLAIN_TYPE)
                        .data(String.class, Json.write(Change.of(flag)))
                        .build());
        Multi<OutboundSseEvent> heartbeats = Multi.createBy()
                .concatenating()
                .streams(Multi.createFrom().item(0L), Multi.createFrom().ticks().every(HEARTBEAT))
                .onOverflow()
                .drop()
                .map(tick -> sse.newEventBuilder().comment("alive").build());
        return Multi.createBy().merging().streams(changed, heartbeats);
    }

    /** Views call from threads of their own; a processor takes one at a time. */
    private synchronized void emit(ServedFlag flag) {
        changes.onNext(flag);
    }
}
