// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge.events;

import dev.belay.contracts.Json;
import dev.belay.http.Problem;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/**
 * Answers bodies that say they are too large before they are kept. They are read to their end first: a sender that is still
 * sending when the connection closes sees a broken pipe instead of an answer.
 */
@Singleton
class BodyLimit {
    private static final int PRIORITY = 250;
    private static final String PATH = "/api/v1/events";

    void register(@Observes Filters filters) {
        filters.register(BodyLimit::handle, PRIORITY);
    }

    private static void handle(RoutingContext routing) {
        HttpServerRequest request = routing.request();
        long length = length(request.getHeader(HttpHeaders.CONTENT_LENGTH));
        if (length <= EventBody.MAX_BYTES || !routing.normalizedPath().equals(PATH)) {
            routing.next();
            return;
        }
        request.handler(part -> {})
                .endHandler(end -> refuse(routing.response(), length))
                .resume();
    }

    private static void refuse(HttpServerResponse response, long length) {
        Problem problem = EventBody.tooManyBytes(length).problem();
        response.setStatusCode(problem.status());
        response.putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE);
        var ignored = response.end(Json.write(problem));
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
