// SPDX-License-Identifier: Apache-2.0
package dev.belay.console;

import java.util.Set;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/**
 * What every response says to a browser: run and load nothing but this page's own files, be framed by nobody, guess no media
 * type, tell nobody where you come from. The page's own address is asked for again each time, since it names the files.
 */
@ApplicationScoped
public class PageHeaders {
    static final String POLICY = String.join(
            "; ",
            "default-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types lit-html");

    private static final int BEFORE_ALL = 1_000;
    private static final Set<String> PAGE = Set.of("/", "/index.html");

    void register(@Observes Filters filters) {
        filters.register(PageHeaders::add, BEFORE_ALL);
    }

    private static void add(RoutingContext exchange) {
        MultiMap headers = exchange.response().headers();
        headers.set("Content-Security-Policy", POLICY);
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("Referrer-Policy", "no-referrer");
        if (PAGE.contains(exchange.request().path())) {
            exchange.addHeadersEndHandler(unused -> headers.set(HttpHeaders.CACHE_CONTROL, "no-cache"));
        }
        exchange.next();
    }
}
