// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge.posthog;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.contracts.events.Exposure;
import dev.belay.contracts.keys.ApiKey;
import dev.belay.edge.Body;
import dev.belay.edge.Place;
import dev.belay.edge.events.Intake;
import dev.belay.edge.exposures.Sightings;
import dev.belay.edge.posthog.PosthogReading.Belonging;
import dev.belay.edge.serving.Serving;
import dev.belay.edge.signals.RefusalLog;
import dev.belay.http.KeyDirectory;
import dev.belay.http.ProblemException;
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
 * key stands in the body, so the resource is open and looks at it by itself.
 */
@Path("/")
@PermitAll
@Produces(MediaType.APPLICATION_JSON)
public class PosthogResource {
    /** Largest body taken, packed or not. */
    public static final int MAX_BYTES = PosthogBody.MAX_BYTES;

    private static final String ROUTES = "/{route: (batch|e|capture|track|i/v0/e)/?}";
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Map<String, Integer> TAKEN = Map.of("status", 1);

    /** Larger bodies are read on a worker thread. */
    private static final int SMALL = 16 * 1024;

    private final KeyDirectory keys;
    private final Serving serving;
    private final Sightings sightings;
    private final Intake intake;
    private final RefusalLog log = new RefusalLog(PosthogReader.SOURCE);

    PosthogResource(KeyDirectory keys, Serving serving, Sightings sightings, Intake intake) {
        this.keys = keys;
        this.serving = serving;
        this.sightings = sightings;
        this.intake = intake;
    }

    /**
     * Answers 200 when the broker has everything that could be read, 204 to beacons; 401 to an unknown key; 503 when the
     * broker does not take it, so that the client sends it again.
     */
    @POST
    @Path(ROUTES)
    @Consumes(MediaType.WILDCARD)
    @Operation(summary = "Take in events of PostHog's clients (/batch, /e, /capture, /track, /i/v0/e)")
    public Uni<Response> post(
            @HeaderParam(Place.PROJECT_HEADER) @Nullable String project,
            @HeaderParam(Place.ENVIRONMENT_HEADER) @Nullable String environment,
            @QueryParam("beacon") @Nullable String beacon,
            @QueryParam("_") @Nullable Long sentMillis,
            @Nullable Body body) {
        byte[] sent = Body.of(body);
        Uni<Response> answer = Uni.createFrom()
                .deferred(() -> take(PosthogBody.read(sent), project, environment, sentMillis))
                .map(done -> answer(beacon));
        boolean isLong = sent.length > SMALL || (sent.length > 0 && sent[0] == 0x1f);
        return isLong ? answer.runSubscriptionOn(Infrastructure.getDefaultWorkerPool()) : answer;
    }

    /** The form of old browsers: everything in the address. */
    @GET
    @Path(ROUTES)
    @Operation(summary = "Take in events of PostHog's clients, in the parameter data")
    public Uni<Response> get(
            @HeaderParam(Place.PROJECT_HEADER) @Nullable String project,
            @HeaderParam(Place.ENVIRONMENT_HEADER) @Nullable String environment,
            @QueryParam("beacon") @Nullable String beacon,
            @QueryParam("_") @Nullable Long sentMillis,
            @QueryParam("data") @Nullable String data) {
        return Uni.createFrom()
                .deferred(() -> take(
                        PosthogBody.ofField(Objects.requireNonNullElse(data, "")), project, environment, sentMillis))
                .map(done -> answer(beacon));
    }

    private static Response answer(@Nullable String beacon) {
        return "1".equals(beacon)
                ? Response.noContent().build()
                : Response.ok(TAKEN).build();
    }

    private Uni<@Nullable Void> take(
            PosthogBody sent, @Nullable String project, @Nullable String environment, @Nullable Long sentMillis) {
        ApiKey key = authenticate(sent.token());
        Place place = place(key, project, environment);
        if (!serving.isServing()) {
            throw ProblemException.unavailable("starting", "flags are being read; try again");
        }
        Instant now = Instant.now();
        Instant sentAt = sent.sentAt() == null && sentMillis != null ? Instant.ofEpochMilli(sentMillis) : sent.sentAt();
        PosthogReader reader =
                new PosthogReader(place, serving, (flag, unit) -> sightings.isFirst(flag, unit, now), sentAt, now);
        Intake.Batch batch = intake.batch();
        int refused = 0;
        for (JsonNode event : sent.events()) {
            String token = PosthogBody.tokenOf(event);
            refused += token == null || token.equals(sent.token())
                    ? add(batch, reader.read(event))
                    : refuse("token must be that of the request");
        }
        intake.count(PosthogReader.SOURCE, "refused", refused);
        return batch.allWritten(PATIENCE);
    }

    /** @return how many were refused */
    private int add(Intake.Batch batch, PosthogReading reading) {
        if (reading instanceof PosthogReading.Refused refused) {
            return refuse(refused.reason());
        }
        if (reading instanceof PosthogReading.Ignored ignored) {
            intake.count(PosthogReader.SOURCE, ignored.reason(), 1);
        } else if (reading instanceof PosthogReading.Happened happened) {
            intake.count(PosthogReader.SOURCE, "outcome", 1);
            var ignored = batch.add(happened.outcome());
        } else if (reading instanceof PosthogReading.Exposed exposed) {
            intake.count(PosthogReader.SOURCE, result(exposed.belonging()), 1);
            expose(batch, exposed.exposure(), exposed.belonging());
        }
        return 0;
    }

    private void expose(Intake.Batch batch, Exposure exposure, Belonging belonging) {
        var ignored = batch.add(exposure, belonging == Belonging.KNOWN).whenComplete((written, failure) -> {
            if (failure != null && belonging != Belonging.RETURNING) {
                sightings.forget(exposure.ref(), exposure.unit());
            }
        });
    }

    private int refuse(String reason) {
        log.say(reason);
        return 1;
    }

    private static String result(Belonging belonging) {
        return switch (belonging) {
            case KNOWN -> "exposure";
            case UNATTRIBUTED -> "unattributed";
            case RETURNING -> "returning";
        };
    }

    private ApiKey authenticate(@Nullable String token) {
        if (!keys.isAnswering()) {
            throw ProblemException.unavailable("starting", "the keys are being read; try again");
        }
        if (token == null) {
            throw ProblemException.unauthorized("a key is needed: api_key or token in the body");
        }
        return keys.authenticate(token)
                .orElseThrow(() -> ProblemException.unauthorized("the key is unknown, revoked or expired"));
    }

    private Place place(ApiKey key, @Nullable String project, @Nullable String environment) {
        try {
            return Place.of(key, project, environment);
        } catch (ProblemException e) {
            refuse("key " + key.id() + ": " + e.getMessage());
            throw e;
        }
    }

    /** What this resource answers to. */
    public static boolean isAt(String path) {
        return List.of("/batch", "/e", "/capture", "/track", "/i/v0/e")
                .contains(path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path);
    }
}
