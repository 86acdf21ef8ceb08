// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge.signals;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.belay.contracts.Json;
import dev.belay.edge.Edge;

/** What stands before the edge where PostHog answers flags: {@code /flags} is answered, everything else goes to the edge. */
final class PosthogFlags implements AutoCloseable {
    private final URI edge;
    private final String flag;
    private final HttpClient client = HttpClient.newHttpClient();
    private final ExecutorService threads = Executors.newFixedThreadPool(4);
    private final HttpServer server;

    PosthogFlags(URI edge, String flag) throws IOException {
        this.edge = edge;
        this.flag = flag;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        if (exchange.getRequestURI().getPath().startsWith("/flags")) {
            answer(exchange, 200, flags(body));
            return;
        }
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        edge.resolve(exchange.getRequestURI().toString()))
                .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body));
        exchange.getRequestHeaders().forEach((name, values) -> {
            if (name.equalsIgnoreCase("Content-Type") || name.equalsIgnoreCase("Content-Encoding")) {
                values.forEach(value -> request.header(name, value));
            }
        });
        try {
            HttpResponse<String> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            answer(exchange, answer.statusCode(), answer.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Says what the edge serves, in PostHog's words. */
    private String flags(byte[] body) throws IOException {
        String unit = read(body).path("distinct_id").asText();
        boolean enabled = "on".equals(Edge.evaluate(flag, unit).path("variant"));
        ObjectNode found = Json.mapper().createObjectNode().put("key", flag).put("enabled", enabled);
        found.putObject("reason")
                .put("code", "condition_match")
                .put("condition_index", 0)
                .put("description", "");
        found.putObject("metadata").put("id", 1).put("version", 1).put("has_experiment", false);
        ObjectNode answer = Json.mapper()
                .createObjectNode()
                .put("errorsWhileComputingFlags", false)
                .put("requestId", UUID.randomUUID().toString());
        answer.putObject("flags").set(flag, found);
        return answer.toString();
    }

    private static JsonNode read(byte[] body) throws IOException {
        boolean packed = body.length > 1 && body[0] == 0x1f;
        InputStream plain = new ByteArrayInputStream(body);
        return Json.mapper().readTree(packed ? new GZIPInputStream(plain) : plain);
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
