// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge;

import java.util.List;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/**
 * Lets web pages call the edge, and nothing but the edge: other services share its address in one JVM. No cookie is ever
 * looked at, so a page can do what its key can, whoever opens it.
 */
@Singleton
class CrossOrigin {
    private static final int PRIORITY = 300;
    private static final int NO_CONTENT = 204;
    private static final String ANY = "*";

    private final List<String> origins;

    CrossOrigin(EdgeSettings settings) {
        this.origins = settings.origins();
    }

    void register(@Observes Filters filters) {
        filters.register(this::handle, PRIORITY);
    }

    private void handle(RoutingContext routing) {
        String origin = routing.request().getHeader("Origin");
        boolean isOurs = origin != null && Addresses.isForPages(routing.normalizedPath());
        if (!isOurs || !(origins.contains(ANY) || origins.contains(origin))) {
            routing.next();
            return;
        }
        allow(routing.response(), origin);
        if (routing.request().method().equals(HttpMethod.OPTIONS)) {
            routing.response().setStatusCode(NO_CONTENT).end();
        } else {
            routing.next();
        }
    }

    private void allow(HttpServerResponse response, String origin) {
        MultiMap headers = response.headers();
        headers.set("Access-Control-Allow-Origin", origins.contains(ANY) ? ANY : origin)
                .set("Access-Control-Allow-Methods", "GET, POST")
                .set(
                        "Access-Control-Allow-Headers",
                        "Authorization, Content-Encoding, Content-Type, If-None-Match, Last-Event-ID, X-API-Key, "
                                + Place.PROJECT_HEADER + ", " + Place.ENVIRONMENT_HEADER)
                .set("Access-Control-Expose-Headers", "ETag, Retry-After")
                .set("Access-Control-Max-Age", "3600");
        if (!origins.contains(ANY)) {
            headers.set("Vary", "Origin");
        }
    }
}
