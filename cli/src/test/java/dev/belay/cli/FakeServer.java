// SPDX-License-Identifier: Apache-2.0
package dev.belay.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/** Answers as it was told and remembers what was asked. */
final class FakeServer implements AutoCloseable {
    /** @param request method, path and query */
    record Asked(String request, String body, Map<String, String> headers) {}

    private record Reply(int status, String body) {}

    private final HttpServer http;
    private final Map<String, Deque<Reply>> replies = new HashMap<>();
    private final List<Asked> asked = Collections.synchronizedList(new ArrayList<>());

    FakeServer() throws IOException {
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.createContext("/", this::answer);
        http.start();
    }

    String url() {
        return "http://127.0.0.1:" + http.getAddress().getPort();
    }

    /** Replies in the order given; the last one again and again. */
    FakeServer on(String request, int status, String body) {
        replies.computeIfAbsent(request, key -> new ArrayDeque<>()).add(new Reply(status, body));
        return this;
    }

    List<Asked> asked() {
        return List.copyOf(asked);
    }

    List<String> requests() {
        return asked().stream().map(Asked::request).toList();
    }

    Asked only() {
        if (asked.size() != 1) {
            throw new AssertionError("was asked " + requests());
        }
        return asked.get(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String request = exchange.getRequestMethod() + " "
                + exchange.getRequestURI().toString().replaceFirst("^/api/v1", "");
        Map<String, String> headers = new HashMap<>();
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.get(0)));
        asked.add(new Asked(
                request, new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8), headers));
        Reply reply = next(request);
        byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
        exchange.close();
    }

    private synchronized Reply next(String request) {
        Deque<Reply> left = replies.get(request);
        if (left == null) {
            return new Reply(404, "{\"code\":\"not-found\",\"detail\":\"nothing at " + request + "\"}");
        }
        return left.size() == 1 ? left.getFirst() : left.removeFirst();
    }

    @Override
    public void close() {
        http.stop(0);
    }
}
