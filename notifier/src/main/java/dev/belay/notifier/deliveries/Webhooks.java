// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.deliveries;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.belay.notifier.channels.Destinations;
import dev.belay.notifier.decision.Answer;
import jakarta.enterprise.context.ApplicationScoped;
import org.jspecify.annotations.Nullable;

/** Posts messages: no redirects, five seconds, and the beginning of the answer. */
@ApplicationScoped
public class Webhooks {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final Destinations destinations;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIMEOUT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    Webhooks(Destinations destinations) {
        this.destinations = destinations;
    }

    /** Posts JSON and waits for the answer, five seconds at most. */
    Answer post(URI address, String json) {
        Optional<String> refusal = destinations.refusal(address);
        if (refusal.isPresent()) {
            return new Answer.Refused("the channel's url " + refusal.get());
        }
        HttpRequest request = HttpRequest.newBuilder(address)
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json; charset=utf-8")
                .header("User-Agent", "belay-notifier")
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build();
        return sent(client.sendAsync(request, answer -> new Beginning()));
    }

    private static Answer sent(CompletableFuture<HttpResponse<String>> exchange) {
        try {
            HttpResponse<String> response = exchange.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            return new Answer.Answered(response.statusCode(), response.body(), retryAfter(response));
        } catch (TimeoutException e) {
            exchange.cancel(true);
            return new Answer.Unreachable("no answer within " + TIMEOUT.toSeconds() + " s");
        } catch (ExecutionException e) {
            // The client's messages may hold the address, which is a secret.
            Throwable cause = e.getCause() == null ? e : e.getCause();
            return new Answer.Unreachable("no answer: " + cause.getClass().getSimpleName());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            exchange.cancel(true);
            throw new IllegalStateException("interrupted while a message was sent", e);
        }
    }

    private static @Nullable Duration retryAfter(HttpResponse<String> response) {
        return response.headers()
                .firstValue("Retry-After")
                .filter(value -> value.matches("[0-9]{1,6}"))
                .map(value -> Duration.ofSeconds(Long.parseLong(value)))
                .orElse(null);
    }
}
