// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.deliveries;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

import dev.belay.notifier.channels.Destinations;
import dev.belay.notifier.decision.Answer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import org.jspecify.annotations.Nullable;

/**
 * Posts letters: to the very address that was checked, in no more time than they have, without following redirects, and
 * with no more of the answer than its beginning.
 */
@ApplicationScoped
public class Posts {
    private static final int CONNECT_MILLIS = 3_000;
    private static final int LONGEST_ANSWER = 64 * 1024;
    private static final int HTTPS = 443;
    private static final int HTTP = 80;

    private final Destinations destinations;
    private final HttpClient client;

    /** @param vertx whose event loops carry the connections */
    public Posts(Destinations destinations, Vertx vertx) {
        this.destinations = destinations;
        // One connection a letter: a request on one that was closed meanwhile is lost, and nobody knows whether it was.
        this.client = vertx.createHttpClient(new HttpClientOptions()
                .setKeepAlive(false)
                .setConnectTimeout(CONNECT_MILLIS)
                .setSslHandshakeTimeout(CONNECT_MILLIS)
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                .setVerifyHost(true));
    }

    @PreDestroy
    void close() {
        client.close();
    }

    /** Posts and waits for the answer. */
    public Answer post(Letter letter) {
        InetAddress address;
        try {
            address = destinations.checked(letter.url());
        } catch (UnknownHostException e) {
            return new Answer.Unreachable("no answer: the host is not known");
        } catch (IllegalArgumentException e) {
            return new Answer.Refused("the channel's url " + e.getMessage());
        }
        AtomicReference<@Nullable HttpClientRequest> request = new AtomicReference<>();
        Future<Answer> exchange = client.request(options(letter.url(), address)).compose(opened -> {
            request.set(opened);
            return send(opened, letter);
        });
        return awaited(exchange, letter.patience(), request);
    }

    /** The host stands in the request and the certificate; the connection goes to the address. */
    private static RequestOptions options(URI url, InetAddress address) {
        boolean isSecure = "https".equalsIgnoreCase(url.getScheme());
        int usual = isSecure ? HTTPS : HTTP;
        int port = url.getPort() == -1 ? usual : url.getPort();
        String path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        return new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setServer(SocketAddress.inetSocketAddress(port, address.getHostAddress()))
                .setHost(url.getHost())
                .setPort(port)
                .setSsl(isSecure)
                .setFollowRedirects(false)
                .setURI(url.getRawQuery() == null ? path : path + "?" + url.getRawQuery());
    }

    private static Future<Answer> send(HttpClientRequest request, Letter letter) {
        request.putHeader("Content-Type", "application/json; charset=utf-8").putHeader("User-Agent", "belay-notifier");
        letter.headers().forEach(request::putHeader);
        return request.send(Buffer.buffer(letter.body())).compose(Posts::read);
    }

    /** Reads the beginning and no more: a receiver that never ends must not fill the memory. */
    private static Future<Answer> read(HttpClientResponse response) {
        Promise<Answer> read = Promise.promise();
        Buffer beginning = Buffer.buffer();
        response.exceptionHandler(read::tryFail);
        response.endHandler(end -> read.tryComplete(answer(response, beginning)));
        response.handler(part -> {
            int room = LONGEST_ANSWER - beginning.length();
            beginning.appendBuffer(part, 0, Math.min(part.length(), room));
            if (part.length() >= room && read.tryComplete(answer(response, beginning))) {
                response.request().reset();
            }
        });
        return read.future();
    }

    private static Answer answer(HttpClientResponse response, Buffer body) {
        return new Answer.Answered(response.statusCode(), body.toString(StandardCharsets.UTF_8), retryAfter(response));
    }

    private static Answer awaited(
            Future<Answer> exchange, Duration patience, AtomicReference<@Nullable HttpClientRequest> request) {
        try {
            return exchange.toCompletionStage().toCompletableFuture().get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            abandon(request);
            return new Answer.Unreachable("no answer within " + patience.toSeconds() + " s");
        } catch (ExecutionException e) {
            abandon(request);
            // The client's messages may hold the address, which is a secret.
            Throwable cause = e.getCause() == null ? e : e.getCause();
            return new Answer.Unreachable("no answer: " + kind(cause));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            abandon(request);
            throw new IllegalStateException("interrupted while a message was sent", e);
        }
    }

    private static String kind(Throwable cause) {
        boolean isLost = cause instanceof IOException || cause instanceof VertxException;
        return isLost ? "the connection failed or was reset" : cause.getClass().getSimpleName();
    }

    private static void abandon(AtomicReference<@Nullable HttpClientRequest> request) {
        HttpClientRequest opened = request.get();
        if (opened != null) {
            opened.reset();
        }
    }

    private static @Nullable Duration retryAfter(HttpClientResponse response) {
        String value = response.getHeader("Retry-After");
        return value != null && value.matches("[0-9]{1,6}") ? Duration.ofSeconds(Long.parseLong(value)) : null;
    }
}
