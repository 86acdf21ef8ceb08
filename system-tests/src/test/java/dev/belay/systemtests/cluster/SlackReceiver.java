// SPDX-License-Identifier: Apache-2.0
package dev.belay.systemtests.cluster;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.belay.contracts.Json;

/** Stands where Slack's incoming webhook stands. */
public final class SlackReceiver implements AutoCloseable {
    private static final int OK = 200;

    private final HttpServer server;
    private final List<Message> messages = new CopyOnWriteArrayList<>();

    /**
     * What was posted.
     *
     * @param title its heading
     * @param text all of it, as JSON
     */
    public record Message(String title, String text) {}

    SlackReceiver() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/services/test", this::take);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/services/test";
    }

    /** Returns what was told about a flag. */
    public List<Message> about(String flag) {
        return messages.stream()
                .filter(message -> message.title().contains(flag))
                .toList();
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            JsonNode body = Json.read(
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8), JsonNode.class);
            String title = body.path("blocks").path(0).path("text").path("text").asText();
            messages.add(new Message(title, body.toString()));
            byte[] answer = "ok".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(OK, answer.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(answer);
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
