// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.belay.contracts.FlagRef;
import dev.belay.contracts.Json;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.http.CurrentCaller;
import dev.belay.http.ETags;
import dev.belay.http.IdempotencyKey;
import dev.belay.http.Problem;
import dev.belay.http.ProblemException;
import dev.belay.rollouts.decision.Refusal;
import dev.belay.rollouts.decision.RolloutEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;

/** What all commands about rollouts have in common: who may, on which version, once, and how they are answered. */
@ApplicationScoped
class RolloutCommands {
    private static final Pattern VERSION_TAG = Pattern.compile("\"([0-9]{1,18})\"");
    private static final int PRECONDITION_FAILED = 412;
    private static final String STALE = "stale";

    private final RolloutDesk desk;
    private final CurrentCaller current;
    private final HttpHeaders headers;

    RolloutCommands(RolloutDesk desk, CurrentCaller current, HttpHeaders headers) {
        this.desk = desk;
        this.current = current;
        this.headers = headers;
    }

    /** Returns the flag of a path, when the caller may see it. */
    FlagRef visible(String project, String environment, String flag) {
        FlagRef ref = new FlagRef(project, environment, flag);
        current.get().requireAccess(project, environment);
        return ref;
    }

    /** Returns the flag of a path, when the caller may see it. */
    FlagRef visible(FlagPath path) {
        return visible(path.project, path.environment, path.flag);
    }

    /** Obeys a command about a rollout that exists. */
    Response instruct(
            String verb,
            RolloutPath path,
            @Nullable CommandBody body,
            BiFunction<RolloutEvent.Order, CommandBody, RolloutEvent> command) {
        FlagRef ref = visible(path);
        int epoch = path.epoch;
        CommandBody given = CommandBody.given(body);
        String reason = given.requiredReason();
        found(desk.find(ref, epoch), "rollout " + epoch + " of " + ref);
        Long expected = expected(given.expectedVersion());
        return obey(
                verb + " " + epoch,
                path,
                body,
                now -> command.apply(
                        new RolloutEvent.Order(epoch, expected, current.get().actor(), reason, now), given));
    }

    /** Obeys a command. */
    Response obey(String what, FlagPath path, @Nullable Object body, Function<Instant, RolloutEvent> command) {
        FlagRef ref = visible(path);
        CommandKey commandKey = key(path.key, what + " " + ref + " " + body);
        return respond(desk.command(ref, command, commandKey));
    }

    /** Returns the version the caller saw: as the body says, or else If-Match; null without a condition. */
    @Nullable
    Long expected(@Nullable Long inBody) {
        return inBody == null ? versionToMatch() : inBody;
    }

    @Nullable
    CommandKey key(@Nullable String idempotencyKey, String request) {
        return IdempotencyKey.of(idempotencyKey, current.get())
                .map(key -> new CommandKey(key.id(), Digest.of(request)))
                .orElse(null);
    }

    Response respond(Answer answer) {
        Refusal refusal = answer.refusal();
        if (refusal != null) {
            return refused(refusal, answer.rollout());
        }
        RolloutState rollout = answer.rollout();
        if (rollout == null) {
            return Response.noContent().build();
        }
        ObjectNode body = (ObjectNode) Json.tree(rollout);
        if (answer.note() != null) {
            body.put("note", answer.note());
        }
        URI place = URI.create("/api/v1/rollouts/" + rollout.ref().key() + "/" + rollout.epoch());
        return (answer.isNew() ? Response.created(place) : Response.ok())
                .entity(body)
                .tag(ETags.of(rollout.version()))
                .build();
    }

    static <T> T found(Optional<T> value, String what) {
        return value.orElseThrow(() -> ProblemException.notFound(what));
    }

    /** A problem with the rollout as it stands, so that whoever was late sees what came before. */
    private Response refused(Refusal refusal, @Nullable RolloutState rollout) {
        boolean isCondition = refusal.code().equals(STALE) && versionToMatch() != null;
        Problem problem = isCondition
                ? new ProblemException(PRECONDITION_FAILED, "precondition-failed", refusal.sentence(), List.of())
                        .problem()
                : new ProblemException(refusal.status(), refusal.code(), refusal.sentence(), List.of()).problem();
        ObjectNode body = (ObjectNode) Json.tree(problem);
        Response.ResponseBuilder response = Response.status(problem.status()).type(Problem.MEDIA_TYPE);
        if (rollout != null) {
            body.set("current", Json.tree(rollout));
            response.tag(ETags.of(rollout.version()));
        }
        return response.entity(body.toString()).build();
    }

    /** Returns the version that If-Match names; null without a condition. */
    private @Nullable Long versionToMatch() {
        String header = headers.getHeaderString(HttpHeaders.IF_MATCH);
        if (header == null || header.isBlank() || header.equals("*")) {
            return null;
        }
        Matcher tag = VERSION_TAG.matcher(header.trim());
        if (!tag.matches()) {
            throw new ProblemException(
                    PRECONDITION_FAILED, "precondition-failed", "no version has the tag " + header, List.of());
        }
        return Long.valueOf(tag.group(1));
    }
}
