// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge.posthog;

import java.util.Map;
import java.util.Objects;

import dev.belay.edge.Addresses;
import dev.belay.edge.Body;
import dev.belay.edge.Place;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/**
 * Takes in events of PostHog's clients, which need another host and a Belay key as their project's key, and nothing else. The
 * key stands in the body, so the resource is open and the intake looks at it.
 */
@Produces(MediaType.APPLICATION_JSON)
public abstract class PosthogResource {
    private static final Map<String, Integer> TAKEN = Map.of("status", 1);

    /** Larger bodies are read on a worker thread. */
    private static final int SMALL = 16 * 1024;

    private static final int PACKED = 0x1f;

    private final PosthogIntake intake;

    PosthogResource(PosthogIntake intake) {
        this.intake = intake;
    }

    /** Where servers and apps send. */
    @Path(Addresses.POSTHOG_BATCH)
    @PermitAll
    public static class Batch extends PosthogResource {
        Batch(PosthogIntake intake) {
            super(intake);
        }
    }

    /** Where browsers send. */
    @Path(Addresses.POSTHOG_BROWSER)
    @PermitAll
    public static class Browser extends PosthogResource {
        Browser(PosthogIntake intake) {
            super(intake);
        }
    }

    /** Where newer browsers send. */
    @Path(Addresses.POSTHOG_NEWER)
    @PermitAll
    public static class NewerBrowser extends PosthogResource {
        NewerBrowser(PosthogIntake intake) {
            super(intake);
        }
    }

    /** Where people send by hand. */
    @Path(Addresses.POSTHOG_CAPTURE)
    @PermitAll
    public static class Capture extends PosthogResource {
        Capture(PosthogIntake intake) {
            super(intake);
        }
    }

    /** Where old clients send. */
    @Path(Addresses.POSTHOG_TRACK)
    @PermitAll
    public static class Track extends PosthogResource {
        Track(PosthogIntake intake) {
            super(intake);
        }
    }

    /**
     * Answers 200 when the broker has everything that could be read, 204 to beacons; 401 to an unknown key; 503 when the
     * broker does not take it, so that the client sends it again.
     */
    @POST
    @Consumes(MediaType.WILDCARD)
    @Operation(summary = "Take in events of PostHog's clients")
    public Uni<Response> post(
            @HeaderParam(Place.PROJECT_HEADER) @Nullable String project,
            @HeaderParam(Place.ENVIRONMENT_HEADER) @Nullable String environment,
            @QueryParam("beacon") @Nullable String beacon,
            @QueryParam("_") @Nullable String sentMillis,
            @Nullable Body body) {
        byte[] sent = Body.of(body);
        Uni<Response> answer = Uni.createFrom()
                .deferred(() -> intake.take(PosthogBody.read(sent), project, environment, millis(sentMillis)))
                .map(done -> answer(beacon));
        boolean isLong = sent.length > SMALL || (sent.length > 0 && sent[0] == PACKED);
        return isLong ? answer.runSubscriptionOn(Infrastructure.getDefaultWorkerPool()) : answer;
    }

    /** The form of old browsers: everything in the address. */
    @GET
    @Operation(summary = "Take in events of PostHog's clients, in the parameter data")
    public Uni<Response> get(
            @HeaderParam(Place.PROJECT_HEADER) @Nullable String project,
            @HeaderParam(Place.ENVIRONMENT_HEADER) @Nullable String environment,
            @QueryParam("beacon") @Nullable String beacon,
            @QueryParam("_") @Nullable String sentMillis,
            @QueryParam("data") @Nullable String data) {
        String field = Objects.requireNonNullElse(data, "");
        return Uni.createFrom()
                .deferred(() -> intake.take(PosthogBody.ofField(field), project, environment, millis(sentMillis)))
                .map(done -> answer(beacon));
    }

    /** What is no number says nothing: browsers also put other things there, against caches. */
    private static @Nullable Long millis(@Nullable String text) {
        return text != null && text.matches("1\\d{12}") ? Long.valueOf(text) : null;
    }

    private static Response answer(@Nullable String beacon) {
        return "1".equals(beacon)
                ? Response.noContent().build()
                : Response.ok(TAKEN).build();
    }
}
