// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge.events;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.contracts.keys.Scope;
import dev.belay.edge.Addresses;
import dev.belay.edge.Body;
import dev.belay.edge.Place;
import dev.belay.edge.serving.Serving;
import dev.belay.http.AllowedScopes;
import dev.belay.http.Caller;
import dev.belay.http.CurrentCaller;
import dev.belay.http.ProblemException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/** Takes in exposures and outcomes. What it answers 202 for is with the broker. */
@Path(Addresses.EVENTS)
@AllowedScopes({Scope.SERVER, Scope.CLIENT, Scope.EVENTS})
public class EventsResource {
    /** Larger bodies are read on a worker thread. */
    private static final int SMALL = 64 * 1024;

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Serving serving;
    private final Intake intake;
    private final CurrentCaller current;
    private final Counter accepted;
    private final Counter refused;

    /**
     * What became of a request.
     *
     * @param accepted events that are with the broker now
     * @param refused events not taken in
     */
    public record Receipt(int accepted, List<Reading.Refused> refused) {}

    EventsResource(Serving serving, Intake intake, CurrentCaller current, MeterRegistry registry) {
        this.serving = serving;
        this.intake = intake;
        this.current = current;
        this.accepted = registry.counter("belay.edge.events.accepted");
        this.refused = registry.counter("belay.edge.events.refused");
    }

    /**
     * Takes a JSON array or one JSON object a line, as it is or as gzip; refuses event by event. Answers 202 when the broker
     * has acknowledged all others, 503 when it has not: then all must be sent again, with the same ids.
     */
    @POST
    @Consumes({MediaType.APPLICATION_JSON, "application/x-ndjson", MediaType.TEXT_PLAIN, MediaType.WILDCARD})
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(summary = "Send exposures and outcomes")
    public Uni<Response> take(
            @HeaderParam(Place.PROJECT_HEADER) @Nullable String project,
            @HeaderParam(Place.ENVIRONMENT_HEADER) @Nullable String environment,
            @HeaderParam(HttpHeaders.CONTENT_ENCODING) @Nullable String encoding,
            @Nullable Body body) {
        Caller caller = current.get();
        Place place = Place.of(caller, project, environment);
        if (!serving.isServing()) {
            throw ProblemException.unavailable("starting", "flags are being read; try again");
        }
        boolean mayState = caller.scopes().stream().anyMatch(scope -> scope != Scope.CLIENT);
        byte[] sent = Body.of(body);
        EventReader reader = new EventReader(place, mayState, serving, Instant.now());
        Uni<Response> answer = Uni.createFrom().deferred(() -> take(reader, EventBody.split(sent, encoding)));
        boolean isLong = sent.length > SMALL || EventBody.isPacked(sent);
        return isLong ? answer.runSubscriptionOn(Infrastructure.getDefaultWorkerPool()) : answer;
    }

    private Uni<Response> take(EventReader reader, List<JsonNode> events) {
        Intake.Batch batch = intake.batch();
        List<Reading.Refused> refusals = new ArrayList<>();
        for (int i = 0; i < events.size(); i++) {
            Reading reading = reader.read(i, events.get(i));
            if (reading instanceof Reading.Refused refusal) {
                refusals.add(refusal);
            } else if (reading instanceof Reading.Exposed exposed) {
                batch.add(exposed.exposure(), exposed.attributed());
            } else if (reading instanceof Reading.Happened happened) {
                batch.add(happened.outcome());
            }
        }
        refused.increment(refusals.size());
        return batch.allWritten(PATIENCE).map(done -> receipt(events.size() - refusals.size(), refusals));
    }

    private Response receipt(int taken, List<Reading.Refused> refusals) {
        accepted.increment(taken);
        return Response.accepted(new Receipt(taken, refusals)).build();
    }
}
