// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge.limits;

import java.util.List;

import dev.belay.contracts.Json;
import dev.belay.edge.Addresses;
import dev.belay.edge.ofrep.OfrepErrors;
import dev.belay.http.Problem;
import dev.belay.http.ProblemException;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.MediaType;
import org.jspecify.annotations.Nullable;

/**
 * Answers bodies that say they are too large before they are kept. They are read to their end first: a sender that is still
 * sending when the connection closes sees a broken pipe instead of an answer. Those that do not say how long they are are
 * left to {@link BodyReader}, which answers alike.
 */
@Singleton
class BodyLimit {
    /** Most bytes that are read only to be thrown away. */
    static final long MAX_DISCARDED = 100_000_000;

    private static final int PRIORITY = 250;

    /** After Quarkus has set its own limit, which answers without a body. */
    private static final int AFTER_QUARKUS = 1;

    private static final String QUARKUS_LIMIT = "io.quarkus.max-request-size";
    private static final int TOO_LARGE = 413;

    void register(@Observes Filters filters) {
        filters.register(BodyLimit::handle, PRIORITY);
        filters.register(BodyLimit::handleOfUnknownLength, AFTER_QUARKUS);
    }

    static ProblemException tooLarge(long bytes, int limit) {
        return new ProblemException(
                TOO_LARGE, "too-large", bytes + " bytes, at most " + limit + " are taken", List.of());
    }

    private static void handle(RoutingContext routing) {
        HttpServerRequest request = routing.request();
        int limit = Addresses.limit(routing.normalizedPath());
        long length = length(request.getHeader(HttpHeaders.CONTENT_LENGTH));
        if (limit == Addresses.NONE || length <= limit) {
            routing.next();
            return;
        }
        request.handler(part -> {})
                .endHandler(end -> refuse(routing, tooLarge(length, limit)))
                .resume();
    }

    private static void handleOfUnknownLength(RoutingContext routing) {
        int limit = Addresses.limit(routing.normalizedPath());
        if (limit != Addresses.NONE && routing.request().getHeader(HttpHeaders.CONTENT_LENGTH) == null) {
            routing.put(QUARKUS_LIMIT, limit + MAX_DISCARDED);
        }
        routing.next();
    }

    private static void refuse(RoutingContext routing, ProblemException refusal) {
        String path = routing.normalizedPath();
        HttpServerResponse response = routing.response().setStatusCode(refusal.status());
        if (path.startsWith(Addresses.OFREP)) {
            response.putHeader(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_JSON);
            var ignored = response.end(
                    Buffer.buffer(OfrepErrors.body(path, refusal.status(), String.valueOf(refusal.getMessage()))));
        } else {
            response.putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE);
            var ignored = response.end(Json.write(refusal.problem()));
        }
    }

    /** What is no number is refused by others. */
    private static long length(@Nullable String header) {
        try {
            return header == null ? 0 : Long.parseLong(header);
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
