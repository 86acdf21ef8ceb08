// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge.ofrep;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.belay.contracts.FlagRef;
import dev.belay.contracts.flags.FlagDefinition;
import dev.belay.contracts.keys.Scope;
import dev.belay.edge.Body;
import dev.belay.edge.Place;
import dev.belay.edge.exposures.Exposures;
import dev.belay.edge.serving.Serving;
import dev.belay.edge.stream.StreamResource;
import dev.belay.edge.stream.StreamTokens;
import dev.belay.evaluation.ErrorCode;
import dev.belay.evaluation.Evaluation;
import dev.belay.evaluation.EvaluationContext;
import dev.belay.evaluation.Evaluator;
import dev.belay.evaluation.ServedFlag;
import dev.belay.http.AllowedScopes;
import dev.belay.http.CurrentCaller;
import io.smallrye.common.annotation.NonBlocking;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/** OFREP 0.3: single and bulk evaluation, from memory. */
@Path("/ofrep/v1/evaluate/flags")
@Produces(MediaType.APPLICATION_JSON)
@AllowedScopes({Scope.SERVER, Scope.CLIENT})
@NonBlocking
public class OfrepResource {
    private static final int UNAVAILABLE = 503;

    private final Serving serving;
    private final Exposures exposures;
    private final StreamTokens streams;
    private final StreamResource stream;
    private final CurrentCaller caller;

    OfrepResource(
            Serving serving, Exposures exposures, StreamTokens streams, StreamResource stream, CurrentCaller caller) {
        this.serving = serving;
        this.streams = streams;
        this.stream = stream;
        this.exposures = exposures;
        this.caller = caller;
    }

    /** Evaluates one flag. The answer is used, so this is an exposure. */
    @POST
    @Path("/{key: .+}")
    @Operation(summary = "Evaluate one flag (OFREP)")
    public Response single(
            @PathParam("key") String key,
            @HeaderParam(Place.PROJECT_HEADER) @Nullable String project,
            @HeaderParam(Place.ENVIRONMENT_HEADER) @Nullable String environment,
            @Nullable Body body) {
        Place place = Place.of(caller.get(), project, environment);
        if (!serving.isServing()) {
            return unavailable(key);
        }
        try {
            EvaluationContext context = ContextReader.read(Body.of(body), Instant.now());
            ServedFlag flag = find(place, key);
            Evaluation evaluation = flag == null ? notFound(key) : Evaluator.evaluate(flag, serving, context);
            if (flag != null && evaluation.errorCode() == null) {
                exposures.onEvaluation(flag, evaluation, context);
            }
            return respond(evaluation.errorCode(), Answers.of(place, key, flag, evaluation));
        } catch (ContextReader.Unusable e) {
            return respond(e.code(), Answers.failure(key, e.code(), String.valueOf(e.getMessage())));
        }
    }

    /** Evaluates all flags. What of it is used is not known, so this is no exposure unless the flag says so. */
    @POST
    @Operation(summary = "Evaluate all flags (OFREP)")
    public Response bulk(
            @HeaderParam(Place.PROJECT_HEADER) @Nullable String project,
            @HeaderParam(Place.ENVIRONMENT_HEADER) @Nullable String environment,
            @HeaderParam(HttpHeaders.IF_NONE_MATCH) @Nullable String ifNoneMatch,
            @QueryParam("flagConfigEtag") @Nullable String eventTag,
            @Nullable Body body) {
        stream.seen(eventTag);
        Place place = Place.of(caller.get(), project, environment);
        if (!serving.isServing()) {
            return unavailable(null);
        }
        try {
            EvaluationContext context = ContextReader.read(Body.of(body), Instant.now());
            ObjectNode answer = Answers.bulk(place, evaluateAll(place, context));
            String tag = tag(Answers.bytes(answer));
            if (matches(ifNoneMatch, tag)) {
                return Response.notModified().header(HttpHeaders.ETAG, tag).build();
            }
            streams.uri(caller.get().keyId(), place, context.now()).ifPresent(uri -> Answers.withStream(answer, uri));
            return Response.ok(Answers.bytes(answer))
                    .header(HttpHeaders.ETAG, tag)
                    .build();
        } catch (ContextReader.Unusable e) {
            return respond(e.code(), Answers.failure(null, e.code(), String.valueOf(e.getMessage())));
        }
    }

    private List<ObjectNode> evaluateAll(Place place, EvaluationContext context) {
        List<ObjectNode> answers = new ArrayList<>();
        for (ServedFlag flag : serving.flags(place.project(), place.environment())) {
            Evaluation evaluation = Evaluator.evaluate(flag, serving, context);
            FlagDefinition definition = flag.definition();
            boolean exposes = definition != null && definition.exposeOn() == FlagDefinition.ExposeOn.BULK;
            if (exposes && evaluation.errorCode() == null) {
                exposures.onEvaluation(flag, evaluation, context);
            } else if (evaluation.treatment()) {
                serving.treated(flag.ref(), context.now());
            }
            answers.add(Answers.of(place, flag.ref().flag(), flag, evaluation));
        }
        return answers;
    }

    private @Nullable ServedFlag find(Place place, String key) {
        try {
            return serving.flag(new FlagRef(place.project(), place.environment(), key));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static Evaluation notFound(String key) {
        return Evaluation.error(ErrorCode.FLAG_NOT_FOUND, "flag '" + key + "' was not found");
    }

    private static Response respond(@Nullable ErrorCode error, ObjectNode body) {
        return Response.status(status(error)).entity(Answers.bytes(body)).build();
    }

    private static int status(@Nullable ErrorCode error) {
        if (error == null) {
            return Response.Status.OK.getStatusCode();
        }
        return switch (error) {
            case FLAG_NOT_FOUND -> Response.Status.NOT_FOUND.getStatusCode();
            case TARGETING_KEY_MISSING, INVALID_CONTEXT, PARSE_ERROR -> Response.Status.BAD_REQUEST.getStatusCode();
            case GENERAL -> Response.Status.INTERNAL_SERVER_ERROR.getStatusCode();
        };
    }

    private static Response unavailable(@Nullable String key) {
        return Response.status(UNAVAILABLE)
                .header(HttpHeaders.RETRY_AFTER, 1)
                .entity(Answers.bytes(Answers.failure(key, ErrorCode.GENERAL, "flags are being read; try again")))
                .build();
    }

    private static boolean matches(@Nullable String ifNoneMatch, String tag) {
        if (ifNoneMatch == null) {
            return false;
        }
        for (String each : ifNoneMatch.split(",")) {
            String known = each.trim();
            if (known.equals("*") || known.equals(tag) || known.equals("W/" + tag)) {
                return true;
            }
        }
        return false;
    }

    private static String tag(byte[] answer) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(answer);
            return '"' + HexFormat.of().formatHex(hash, 0, 16) + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
