// SPDX-License-Identifier: Apache-2.0
package dev.belay.http;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.belay.contracts.keys.ApiKey;
import io.quarkus.runtime.BlockingOperationControl;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.HttpHeaders;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;

/** Lets a request through when its key may do what the resource says. */
public class KeyFilter {
    private static final String BEARER = "bearer ";
    private static final String KEY_HEADER = "X-API-Key";
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final KeyDirectory directory;
    private final CurrentCaller current;
    private final Map<Method, Access> accesses = new ConcurrentHashMap<>();

    KeyFilter(KeyDirectory directory, CurrentCaller current) {
        this.directory = directory;
        this.current = current;
    }

    /** @throws ProblemException 401 without a valid key, 403 when it does not suffice, 503 while keys are being read */
    @ServerRequestFilter
    public void check(ContainerRequestContext request, ResourceInfo resource) {
        Method method = resource.getResourceMethod();
        if (method == null) {
            return;
        }
        Access access = accesses.computeIfAbsent(method, found -> Access.of(resource.getResourceClass(), found));
        String text = keyText(request);
        if (access.isOpen() && text == null) {
            return;
        }
        if (text == null) {
            throw ProblemException.unauthorized("a key is needed: Authorization: Bearer <key>, or " + KEY_HEADER);
        }
        requireReady();
        ApiKey key = directory
                .authenticate(text)
                .orElseThrow(() -> ProblemException.unauthorized("the key is unknown, revoked or expired"));
        if (!access.isOpen() && !access.isMetBy(key)) {
            throw ProblemException.forbidden("key " + key.id() + " lacks " + access.words());
        }
        current.set(Caller.of(key), text);
    }

    /**
     * Who may block waits for the topic: a key that was taken back while we were away must not write. Who must answer now,
     * as the edge, goes by what the last run knew.
     */
    private void requireReady() {
        boolean mayWait = BlockingOperationControl.isBlockingAllowed();
        if (!(mayWait ? directory.awaitReady(PATIENCE) : directory.isAnswering())) {
            throw ProblemException.unavailable("starting", "the keys are being read; try again");
        }
    }

    private static @Nullable String keyText(ContainerRequestContext request) {
        String authorization = request.getHeaderString(HttpHeaders.AUTHORIZATION);
        if (authorization != null && authorization.toLowerCase(Locale.ROOT).startsWith(BEARER)) {
            return authorization.substring(BEARER.length()).trim();
        }
        return request.getHeaderString(KEY_HEADER);
    }
}
