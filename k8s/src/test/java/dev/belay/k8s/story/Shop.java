// SPDX-License-Identifier: Apache-2.0
package dev.belay.k8s.story;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/** Talks to an installation as its people and its application do: one origin, a key, JSON. */
final class Shop {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double CONVERSION = 0.30;
    private static final double HARMED = 0.21;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final UnaryOperator<String> address;
    private final String admin;
    private final String server;
    private final SplittableRandom chance = new SplittableRandom(20);
    private int visitors;

    /** @param address path to the address that answers it */
    Shop(UnaryOperator<String> address, String admin, String server) {
        this.address = address;
        this.admin = admin;
        this.server = server;
    }

    /** Returns status and body. */
    HttpResponse<String> put(String path, String yaml) throws IOException, InterruptedException {
        return send(request(path, admin)
                .header("Content-Type", "application/yaml")
                .PUT(HttpRequest.BodyPublishers.ofString(yaml)));
    }

    HttpResponse<String> post(String path, String yaml) throws IOException, InterruptedException {
        return send(request(path, admin)
                .header("Content-Type", "application/yaml")
                .POST(HttpRequest.BodyPublishers.ofString(yaml)));
    }

    HttpResponse<String> page(String path) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create(address.apply(path))).build(), HttpResponse.BodyHandlers.ofString());
    }

    JsonNode get(String path) throws IOException, InterruptedException {
        HttpResponse<String> response = send(request(path, admin).GET());
        if (response.statusCode() >= 300) {
            throw new IOException(path + " answered " + response.statusCode() + ": " + response.body());
        }
        return JSON.readTree(response.body());
    }

    /** Returns whether a visitor gets the new checkout. */
    CompletableFuture<Boolean> isNew(String visitor) {
        return http.sendAsync(
                        request("/ofrep/v1/evaluate/flags/new-checkout", server)
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(
                                        "{\"context\":{\"targetingKey\":\"" + visitor + "\"}}"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .thenApply(response -> value(response.statusCode(), response.body()));
    }

    /** Lets some visitors in. Of those who get the new checkout, 30 % fewer buy. */
    void open(int some) throws IOException, InterruptedException {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < some; i++) {
            names.add("visitor-" + visitors++);
        }
        List<CompletableFuture<Boolean>> served =
                names.stream().map(this::isNew).toList();
        StringBuilder bought = new StringBuilder();
        for (int i = 0; i < some; i++) {
            String visitor = names.get(i);
            if (chance.nextDouble() < (served.get(i).join() ? HARMED : CONVERSION)) {
                bought.append("{\"type\":\"outcome\",\"id\":\"")
                        .append(visitor)
                        .append("-bought\",\"event\":\"purchase\",\"unit\":\"")
                        .append(visitor)
                        .append("\"}\n");
            }
        }
        HttpResponse<String> taken = send(request("/api/v1/events", server)
                .header("Content-Type", "application/x-ndjson")
                .POST(HttpRequest.BodyPublishers.ofString(bought.toString())));
        if (taken.statusCode() >= 300) {
            throw new IOException("events were answered with " + taken.statusCode() + ": " + taken.body());
        }
    }

    int visitors() {
        return visitors;
    }

    private HttpRequest.Builder request(String path, String key) {
        return HttpRequest.newBuilder(URI.create(address.apply(path)))
                .timeout(Duration.ofSeconds(20))
                .header("Authorization", "Bearer " + key)
                .header("X-Belay-Project", "shop")
                .header("X-Belay-Environment", "production");
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static boolean value(int status, String body) {
        try {
            JsonNode value = JSON.readTree(body).path("value");
            if (status != 200 || !value.isBoolean()) {
                throw new IllegalStateException("an evaluation was answered with " + status + ": " + body);
            }
            return value.asBoolean();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
