// SPDX-License-Identifier: Apache-2.0
package dev.belay.cli;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.belay.contracts.Json;
import org.jspecify.annotations.Nullable;

/** Speaks REST. Every answer that is no success is a {@link RefusedException}. */
final class Server {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final int FIRST_NO_SUCCESS = 300;
    private static final int NOT_FOUND = 404;
    private static final String OPEN_FEATURE = "/ofrep/";

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .build();
    private final String url;
    private final String key;
    private final @Nullable String project;
    private final @Nullable String environment;

    /**
     * @param url base address
     * @param key key text sent with every request
     * @param project sent as a header; null for none
     * @param environment sent as a header; null for none
     */
    Server(String url, String key, @Nullable String project, @Nullable String environment) {
        this.url = url.replaceAll("/+$", "");
        this.key = key;
        this.project = project;
        this.environment = environment;
    }

    /**
     * One answer.
     *
     * @param status HTTP status
     * @param body JSON, text as a text node, or a missing node for none
     */
    record Answer(int status, JsonNode body) {}

    Answer get(String path) throws IOException, InterruptedException {
        return send(request(path).GET());
    }

    /** Returns a text of the given type. */
    String text(String path, String type) throws IOException, InterruptedException {
        return send(request(path).setHeader("Accept", type).GET()).body().asText();
    }

    /** Returns what is there, empty when nothing is. */
    Optional<JsonNode> find(String path) throws IOException, InterruptedException {
        try {
            return Optional.of(get(path).body());
        } catch (RefusedException e) {
            if (e.status() == NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    Answer put(String path, JsonNode body) throws IOException, InterruptedException {
        return send(request(path).header("Content-Type", "application/json").PUT(text(body)));
    }

    Answer delete(String path) throws IOException, InterruptedException {
        return send(request(path).DELETE());
    }

    /** Posts with a fresh idempotency key, so that a proxy's repetition does nothing twice. */
    Answer post(String path, JsonNode body) throws IOException, InterruptedException {
        return send(request(path)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .POST(text(body)));
    }

    /**
     * Returns the items of a list.
     *
     * @param pages how many pages to read at most
     */
    List<JsonNode> list(String path, int pages) throws IOException, InterruptedException {
        List<JsonNode> items = new ArrayList<>();
        String next = "";
        for (int page = 0; page < pages && (page == 0 || !next.isEmpty()); page++) {
            String after = next.isEmpty() ? "" : (path.contains("?") ? "&" : "?") + "after=" + Paths.encoded(next);
            JsonNode body = get(path + after).body();
            (body.isArray() ? body : body.path("items")).forEach(items::add);
            next = body.hasNonNull("next") ? body.path("next").asText() : "";
        }
        return items;
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address(path))
                .timeout(TIMEOUT)
                .header("Accept", "application/json")
                .header("Authorization", "Bearer " + key);
        if (project != null) {
            request.header("X-Belay-Project", project);
        }
        if (environment != null) {
            request.header("X-Belay-Environment", environment);
        }
        return request;
    }

    /** @throws IllegalArgumentException if the base address is none */
    private URI address(String path) {
        URI address = URI.create(url + (path.startsWith(OPEN_FEATURE) ? "" : "/api/v1") + path);
        if (address.getHost() == null) {
            throw new IllegalArgumentException("--server must be a URL such as http://localhost:8080, was " + url);
        }
        return address;
    }

    private Answer send(HttpRequest.Builder builder) throws IOException, InterruptedException {
        HttpRequest request = builder.build();
        HttpResponse<String> response = exchange(request);
        JsonNode body = parsed(response.body());
        if (response.statusCode() >= FIRST_NO_SUCCESS) {
            throw RefusedException.of(response.statusCode(), body, request.uri().getPath());
        }
        return new Answer(response.statusCode(), body);
    }

    private HttpResponse<String> exchange(HttpRequest request) throws IOException, InterruptedException {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (ConnectException e) {
            throw new IOException("nobody answers at " + url + ": is Belay running there?", e);
        } catch (HttpTimeoutException e) {
            throw new IOException(url + " did not answer in time: what was asked for may or may not have happened", e);
        }
    }

    private static JsonNode parsed(String body) {
        if (body.isBlank()) {
            return MissingNode.getInstance();
        }
        try {
            return Json.mapper().readTree(body);
        } catch (JsonProcessingException e) {
            return TextNode.valueOf(body);
        }
    }

    private static HttpRequest.BodyPublisher text(JsonNode body) {
        return HttpRequest.BodyPublishers.ofString(body.toString());
    }
}
