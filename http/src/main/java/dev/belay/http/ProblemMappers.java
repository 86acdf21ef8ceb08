// SPDX-License-Identifier: Apache-2.0
package dev.belay.http;

import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import dev.belay.contracts.Json;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Turns every exception into a problem. */
public class ProblemMappers {
    private static final System.Logger LOG = System.getLogger(ProblemMappers.class.getName());
    private static final int UNAVAILABLE = 503;

    /**
     * SQL states, or their classes, that mean "no database yet": connection exceptions, operator intervention, resources, and
     * schemas and tables that a service makes when its database comes.
     */
    private static final List<String> NO_DATABASE = List.of("08", "57P", "53", "3F000", "42P01");

    private static final Pattern REFUSAL =
            Pattern.compile("(?<field>[\\w.\\[\\]-]+) (?<rule>.+), was (?<value>.*)", Pattern.DOTALL);

    private static final Map<Integer, String> CODES = Map.of(
            400, "invalid",
            401, "unauthorized",
            403, "forbidden",
            404, "not-found",
            405, "method-not-allowed",
            406, "not-acceptable",
            413, "too-large",
            415, "unsupported-media-type");

    @ServerExceptionMapper
    public Response map(ProblemException refusal) {
        return respond(refusal.problem());
    }

    @ServerExceptionMapper
    public Response map(IllegalArgumentException refusal) {
        return invalid(refusal);
    }

    @ServerExceptionMapper
    public Response map(JsonProcessingException refusal) {
        return unreadable(refusal);
    }

    /** Replaces the one of Quarkus, which answers in a form of its own. */
    @ServerExceptionMapper
    public Response map(MismatchedInputException refusal) {
        return unreadable(refusal);
    }

    /** With a cause a parameter could not be read; without one there is nothing. */
    @ServerExceptionMapper
    public Response map(NotFoundException refusal) {
        return refusal.getCause() == null || refusal.getCause() instanceof WebApplicationException
                ? respond(ProblemException.notFound("this address").problem())
                : respond(ProblemException.badRequest(
                                "invalid",
                                "a parameter cannot be read: "
                                        + refusal.getCause().getMessage(),
                                List.of())
                        .problem());
    }

    @ServerExceptionMapper
    public Response map(WebApplicationException refusal) {
        Optional<JsonProcessingException> json = cause(refusal, JsonProcessingException.class);
        if (json.isPresent()) {
            return unreadable(json.get());
        }
        int status = refusal.getResponse().getStatus();
        if (status < Response.Status.BAD_REQUEST.getStatusCode()) {
            return refusal.getResponse();
        }
        String title = Titles.of(status);
        String code = CODES.getOrDefault(status, title.toLowerCase(Locale.ROOT).replace(' ', '-'));
        return respond(new Problem("about:blank", title, status, code, title, List.of()));
    }

    @ServerExceptionMapper
    public Response map(Throwable failure) {
        Optional<ProblemException> refusal = cause(failure, ProblemException.class);
        if (refusal.isPresent()) {
            return map(refusal.get());
        }
        if (causes(failure).anyMatch(isNoDatabase())) {
            LOG.log(System.Logger.Level.WARNING, "the database is away: {0}", failure.getMessage());
            return respond(ProblemException.unavailable("database-unavailable", "the database is away; try again")
                    .problem());
        }
        if (causes(failure).anyMatch(isUnstorable())) {
            return respond(ProblemException.badRequest(
                            "invalid", "a value holds characters or a number that cannot be stored", List.of())
                    .problem());
        }
        LOG.log(System.Logger.Level.ERROR, "a request failed", failure);
        return respond(new Problem(
                "about:blank",
                Titles.of(500),
                500,
                "internal",
                "an internal error; the service's log says more",
                List.of()));
    }

    /** A record's own refusal arrives as the cause of Jackson's exception: then its words are the detail. */
    private static Response unreadable(JsonProcessingException refusal) {
        return cause(refusal, ProblemException.class)
                .map(problem -> respond(problem.problem()))
                .or(() -> cause(refusal, IllegalArgumentException.class).map(ProblemMappers::invalid))
                .or(() -> UnreadableField.of(refusal).map(ProblemMappers::unreadable))
                .orElseGet(
                        () -> respond(ProblemException.badRequest("unreadable", refusal.getOriginalMessage(), List.of())
                                .problem()));
    }

    private static Response unreadable(FieldError error) {
        String sentence = error.field() + " " + error.rule() + ", was " + error.value();
        return respond(ProblemException.badRequest("unreadable", sentence, List.of(error))
                .problem());
    }

    /** Our own refusals say {@code <field> <rule>, was <value>}. */
    private static Response invalid(IllegalArgumentException refusal) {
        String message = String.valueOf(refusal.getMessage());
        Matcher parts = REFUSAL.matcher(message);
        List<FieldError> errors = parts.matches()
                ? List.of(new FieldError(
                        parts.group("field"),
                        parts.group("rule"),
                        parts.group("value").equals("null") ? null : parts.group("value")))
                : List.of();
        return respond(ProblemException.badRequest("invalid", message, errors).problem());
    }

    /** Written by hand: what the method produces otherwise (YAML, events) does not matter for a problem. */
    private static Response respond(Problem problem) {
        Response.ResponseBuilder response =
                Response.status(problem.status()).type(Problem.MEDIA_TYPE).entity(Json.write(problem));
        if (problem.status() == UNAVAILABLE) {
            response.header(HttpHeaders.RETRY_AFTER, 1);
        }
        if (problem.status() == Response.Status.UNAUTHORIZED.getStatusCode()) {
            response.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
        }
        return response.build();
    }

    private static Predicate<Throwable> isNoDatabase() {
        return cause -> cause instanceof SQLException sql
                && (sql.getSQLState() == null
                        ? String.valueOf(sql.getMessage()).contains("Acquisition timeout")
                        : NO_DATABASE.stream().anyMatch(sql.getSQLState()::startsWith));
    }

    /** Data exceptions, for instance a text with a zero byte. */
    private static Predicate<Throwable> isUnstorable() {
        return cause -> cause instanceof SQLException sql
                && sql.getSQLState() != null
                && sql.getSQLState().startsWith("22");
    }

    private static <T> Optional<T> cause(Throwable failure, Class<T> type) {
        return causes(failure).filter(type::isInstance).map(type::cast).findFirst();
    }

    private static Stream<Throwable> causes(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .limit(20);
    }
}
