// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.interactions;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

import dev.belay.contracts.Json;
import dev.belay.contracts.Require;
import dev.belay.notifier.message.SlackMessage;
import dev.belay.notifier.message.Verb;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * Asks the service that owns it to do what a button stands for, with the key of whoever pressed: role, limits and the audit
 * trail are that person's, and the notifier has no right of its own.
 */
@ApplicationScoped
public class Commands {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int SUCCESS = 200;
    private static final int REDIRECTION = 300;
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    private static final int PRECONDITION = 412;

    private final @Nullable URI api;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    /** @param api where the services answer: one origin, as the console's */
    public Commands(@ConfigProperty(name = "belay.api.url") Optional<URI> api) {
        this.api = api.orElse(null);
    }

    /**
     * What came of a command.
     *
     * @param isDone whether it was done
     * @param sentence for people
     */
    record Done(boolean isDone, String sentence) {}

    /**
     * Does what a button stands for.
     *
     * @param key of whoever pressed: a secret
     * @param by name of whoever pressed
     * @param id the same for the same press
     */
    Done perform(SlackMessage.Press press, String key, String by, String id) {
        URI base = api;
        if (base == null) {
            return new Done(false, "Nothing can be done from here: belay.api.url is not set.");
        }
        HttpRequest request = HttpRequest.newBuilder(URI.create(root(base) + path(press)))
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", id)
                .POST(HttpRequest.BodyPublishers.ofByteArray(Json.bytes(body(press, by))))
                .build();
        try {
            HttpResponse<Void> response = client.send(request, HttpResponse.BodyHandlers.discarding());
            return done(press, by, response.statusCode());
        } catch (IOException e) {
            return new Done(false, "Belay does not answer. Nothing is known to have changed: look at the page.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Done(false, "Belay is being restarted. Press again.");
        }
    }

    private static String root(URI base) {
        String text = base.toString();
        return (text.endsWith("/") ? text.substring(0, text.length() - 1) : text) + "/api/v1";
    }

    private static String path(SlackMessage.Press press) {
        String rollout =
                "/rollouts/" + press.project() + "/" + press.environment() + "/" + press.flag() + "/" + press.epoch();
        return switch (press.verb()) {
            case ROLL_BACK -> "/rollbacks";
            case PAUSE -> rollout + "/pause";
            case RESUME -> rollout + "/resume";
            case ACKNOWLEDGE ->
                "/incidents/"
                        + URLEncoder.encode(Require.nonNull(press.incident(), "incident"), StandardCharsets.UTF_8)
                                .replace("+", "%20")
                        + "/acknowledge";
        };
    }

    /** A raise is bound to what was seen; a stop is wanted whatever happened since. */
    private static Map<String, Object> body(SlackMessage.Press press, String by) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("reason", press.verb().label() + " pressed in Slack by " + by);
        if (press.verb() == Verb.ROLL_BACK) {
            body.put("project", press.project());
            body.put("environment", press.environment());
            body.put("flag", press.flag());
            body.put("epoch", press.epoch());
        }
        Long version = press.version();
        if (press.verb() == Verb.RESUME && version != null) {
            body.put("expectedVersion", version);
        }
        return body;
    }

    private static Done done(SlackMessage.Press press, String by, int status) {
        String what = press.verb().label() + ", " + press.flag() + ": ";
        if (status >= SUCCESS && status < REDIRECTION) {
            return new Done(true, what + "done by " + by + ".");
        }
        return new Done(
                false,
                what
                        + switch (status) {
                            case UNAUTHORIZED -> "your key is unknown, revoked or over.";
                            case FORBIDDEN -> "you may not do this here.";
                            case NOT_FOUND -> "there is no such thing any more.";
                            case CONFLICT, PRECONDITION -> "it has changed since this message. Look at the newest one.";
                            default -> "Belay answered " + status + ". Look at the page.";
                        });
    }
}
