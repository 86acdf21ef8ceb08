// SPDX-License-Identifier: Apache-2.0
package dev.belay.standalone;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.belay.contracts.Json;

/** Talks to an installation as any client does: HTTP, a key, JSON. */
public final class Api {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final long GLANCE_MILLIS = 100;
    private static final int OK_BELOW = 300;
    private static final int NOT_FOUND = 404;

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final ObjectMapper mapper = Json.mapper();
    private final String url;
    private final String key;
    private final String project;
    private final String environment;

    /**
     * @param url base address, without a slash at the end
     * @param key key text sent with every request
     * @param project project of edge requests
     * @param environment environment of edge requests
     */
    public Api(String url, String key, String project, String environment) {
        this.url = url;
        this.key = key;
        this.project = project;
        this.environment = environment;
    }

    /** @throws ApiException unless the answer is a success */
    public JsonNode put(String path, String contentType, String body) throws IOException, InterruptedException {
        return successful(request(path).header("Content-Type", contentType).PUT(body(body)));
    }

    /** @throws ApiException unless the answer is a success */
    public JsonNode post(String path, String contentType, String body) throws IOException, InterruptedException {
        return successful(request(path).header("Content-Type", contentType).POST(body(body)));
    }

    /** @throws ApiException unless the answer is a success */
    public JsonNode delete(String path) throws IOException, InterruptedException {
        return successful(request(path).DELETE());
    }

    /** Like {@link #post}, for a command that may take up to {@code patience}. */
    public JsonNode command(String path, Duration patience) throws IOException, InterruptedException {
        return successful(request(path)
                .timeout(patience)
                .header("Content-Type", "application/json")
                .POST(body("{}")));
    }

    /** Like {@link #post}, without waiting; fails with an {@link ApiException} unless the answer is a success. */
    public CompletableFuture<JsonNode> postAsync(String path, String contentType, String body) {
        HttpRequest request = request(path)
                .header("Content-Type", contentType)
                .POST(body(body))
                .build();
        return http.sendAsync(request, HttpResponse.BodyHandlers.ofString()).thenApply(response -> {
            try {
                return parse(response);
            } catch (ApiException e) {
                throw new CompletionException(e);
            }
        });
    }

    /** Returns whether the installation says that it is ready. */
    public boolean isReady() throws InterruptedException {
        try {
            return send(request("/q/health/ready").GET()).statusCode() < OK_BELOW;
        } catch (IOException e) {
            return false;
        }
    }

    /** @throws IOException if the installation is not ready in time */
    public void awaitReady(Duration patience) throws IOException, InterruptedException {
        Instant end = Instant.now().plus(patience);
        while (!isReady()) {
            if (Instant.now().isAfter(end)) {
                throw new IOException("not ready after " + patience.toSeconds() + " s: "
                        + send(request("/q/health/ready").GET()).body());
            }
            Thread.sleep(GLANCE_MILLIS);
        }
    }

    /** Returns what is there, or nothing for 404. */
    public Optional<JsonNode> get(String path) throws IOException, InterruptedException {
        HttpResponse<String> response = send(request(path).GET());
        return response.statusCode() == NOT_FOUND ? Optional.empty() : Optional.of(parse(response));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url + path))
                .timeout(TIMEOUT)
                .header("Authorization", "Bearer " + key)
                .header("X-Belay-Project", project)
                .header("X-Belay-Environment", environment);
    }

    private JsonNode successful(HttpRequest.Builder request) throws IOException, InterruptedException {
        return parse(send(request));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private JsonNode parse(HttpResponse<String> response) throws ApiException {
        if (response.statusCode() >= OK_BELOW) {
            throw new ApiException(response.uri().getPath(), response.statusCode(), response.body());
        }
        try {
            return mapper.readTree(response.body());
        } catch (JsonProcessingException e) {
            throw new ApiException(response.uri().getPath(), response.statusCode(), response.body());
        }
    }

    private static HttpRequest.BodyPublisher body(String text) {
        return HttpRequest.BodyPublishers.ofString(text);
    }

    /** An answer that is not a success. */
    public static final class ApiException extends IOException {
        private static final long serialVersionUID = 1L;

        private final int status;

        ApiException(String path, int status, String body) {
            super(path + " answered " + status + ": " + body);
            this.status = status;
        }

        /** Returns the HTTP status. */
        public int status() {
            return status;
        }
    }
}
