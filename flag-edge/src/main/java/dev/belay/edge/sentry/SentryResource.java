// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge.sentry;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.belay.contracts.Json;
import dev.belay.contracts.events.Outcome;
import dev.belay.edge.Addresses;
import dev.belay.edge.Body;
import dev.belay.edge.events.Intake;
import dev.belay.edge.events.Refusal;
import dev.belay.edge.serving.Serving;
import dev.belay.edge.signals.RefusalLog;
import dev.belay.http.FieldError;
import dev.belay.http.ProblemException;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/**
 * Takes in the webhooks of Sentry's integrations. Errors become outcomes, once each however often they are reported;
 * everything else is answered and not used. A signature stands in for a key.
 */
@Path(Addresses.SENTRY)
@PermitAll
@Produces(MediaType.APPLICATION_JSON)
public class SentryResource {
    private static final int SMALL = 16 * 1024;

    /** Sentry gives up after a second and does not try again. */
    private static final Duration PATIENCE = Duration.ofMillis(900);

    private static final Duration TOLERANCE = Duration.ofMinutes(5);
    private static final ObjectMapper MAPPER = Json.mapper();

    private final SentrySources sources;
    private final Serving serving;
    private final Intake intake;
    private final RefusalLog log = new RefusalLog(SentryReader.SOURCE);

    SentryResource(SentrySources sources, Serving serving, Intake intake) {
        this.sources = sources;
        this.serving = serving;
        this.intake = intake;
    }

    /** Answers 202 when what can be used is with the broker; 401 unless the body is signed with the source's secret. */
    @POST
    @Path("/{source}")
    @Consumes(MediaType.WILDCARD)
    @Operation(summary = "Take in a webhook of a Sentry integration")
    public Uni<Response> take(
            @PathParam("source") String name,
            @HeaderParam("Sentry-Hook-Resource") @Nullable String resource,
            @HeaderParam("Sentry-Hook-Timestamp") @Nullable String timestamp,
            @HeaderParam("Sentry-Hook-Signature") @Nullable String signature,
            @Nullable Body body) {
        SentrySource source =
                sources.find(name).orElseThrow(() -> ProblemException.notFound("Sentry source " + shown(name)));
        byte[] sent = Body.of(body);
        Uni<Response> answer =
                Uni.createFrom().deferred(() -> take(source, String.valueOf(resource), timestamp, signature, sent));
        return sent.length > SMALL ? answer.runSubscriptionOn(Infrastructure.getDefaultWorkerPool()) : answer;
    }

    private Uni<Response> take(
            SentrySource source, String resource, @Nullable String timestamp, @Nullable String signature, byte[] body) {
        Instant now = Instant.now();
        if (!source.signed(body, signature)) {
            throw unauthorized(source, "bad-signature", "the signature is not that of the body");
        }
        if (!isFresh(timestamp, now)) {
            throw unauthorized(source, "stale", "Sentry-Hook-Timestamp must be within 5 minutes");
        }
        JsonNode error = error(resource, read(body));
        SentryReader reader = new SentryReader(source, serving, now);
        if (error == null || !reader.isAbout(error)) {
            intake.count(SentryReader.SOURCE, error == null ? "unused" : "other-environment", 1);
            return Uni.createFrom().item(accepted(0));
        }
        Intake.Batch batch = intake.batch();
        batch.add(outcome(reader, error));
        intake.count(SentryReader.SOURCE, "outcome", 1);
        return batch.allWritten(PATIENCE).map(done -> accepted(1));
    }

    /** @return the error a webhook reports; null when it reports none */
    private static @Nullable JsonNode error(String resource, JsonNode webhook) {
        JsonNode found =
                switch (resource) {
                    case "error" -> webhook.path("data").path("error");
                    case "event_alert" -> webhook.path("data").path("event");
                    default -> null;
                };
        return found != null && found.isObject() ? found : null;
    }

    private Outcome outcome(SentryReader reader, JsonNode error) {
        try {
            return reader.read(error);
        } catch (Refusal e) {
            throw refused(e);
        } catch (IllegalArgumentException e) {
            throw refused(Refusal.of(e));
        }
    }

    private ProblemException refused(Refusal refusal) {
        String reason = refusal.field() + " " + refusal.rule();
        intake.count(SentryReader.SOURCE, "refused", 1);
        log.say(reason);
        return ProblemException.badRequest(
                "invalid", reason, List.of(new FieldError(refusal.field(), refusal.rule(), null)));
    }

    private JsonNode read(byte[] body) {
        try {
            JsonNode read = MAPPER.readTree(body);
            if (read != null && read.isObject()) {
                return read;
            }
        } catch (IOException e) {
            // Said below, without what was in it.
        }
        intake.count(SentryReader.SOURCE, "refused", 1);
        log.say("the body is no JSON object");
        throw ProblemException.badRequest("unreadable", "the body is no JSON object", List.of());
    }

    private ProblemException unauthorized(SentrySource source, String result, String reason) {
        intake.count(SentryReader.SOURCE, result, 1);
        log.say(source.name() + ": " + reason);
        return ProblemException.unauthorized(reason);
    }

    /** The header is not signed, so this stops mistakes and no attackers; against them stands that an id counts once. */
    private static boolean isFresh(@Nullable String timestamp, Instant now) {
        if (timestamp == null) {
            return true;
        }
        try {
            Instant sent = Instant.ofEpochMilli((long) (Double.parseDouble(timestamp.strip()) * 1_000));
            return Duration.between(sent, now).abs().compareTo(TOLERANCE) <= 0;
        } catch (NumberFormatException | ArithmeticException e) {
            return false;
        }
    }

    private static Response accepted(int outcomes) {
        return Response.accepted(Map.of("accepted", outcomes)).build();
    }

    private static String shown(String name) {
        return name.matches("[A-Za-z0-9._-]{1,100}") ? "'" + name + "'" : "of that name";
    }
}
