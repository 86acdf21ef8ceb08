// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.belay.contracts.Json;

/** Stands where Slack, PagerDuty and receivers of webhooks stand, and answers as they do or as it is told to. */
public final class Receiver implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final Queue<Reply> replies = new ConcurrentLinkedQueue<>();
    private final AtomicLong messages = new AtomicLong();
    private final Queue<Runnable> incidents = new ConcurrentLinkedQueue<>();

    /** What came. */
    public record Received(String path, Map<String, List<String>> headers, byte[] body) {
        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        public JsonNode json() {
            return Json.read(body, JsonNode.class);
        }

        /** Returns a header; empty when it did not come. */
        public String header(String name) {
            return headers.entrySet().stream()
                    .filter(entry -> name.equalsIgnoreCase(entry.getKey()))
                    .map(entry -> entry.getValue().get(0))
                    .findFirst()
                    .orElse("");
        }
    }

    /** An answer that is not the usual one. */
    public record Reply(int status, String body, Map<String, String> headers) {
        /** Closes the connection without an answer. */
        public static final Reply RESET = new Reply(0, "", Map.of());

        public static Reply of(int status, String body) {
            return new Reply(status, body, Map.of());
        }
    }

    public Receiver() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::take);
        server.setExecutor(threads);
        server.start();
    }

    /** Returns the address of an incoming webhook of Slack's. */
    public String url() {
        return base() + "/services/T0/B0/secret";
    }

    public String base() {
        return "http://127.0.0.1:" + port();
    }

    public int port() {
        return server.getAddress().getPort();
    }

    /** Answers the next messages like this, in this order, and as usual from then on. */
    public void replyFirst(Reply... first) {
        replies.addAll(List.of(first));
    }

    /** Does this once, when the next message has come and before it is answered. */
    public void beforeTheNextAnswer(Runnable incident) {
        incidents.add(incident);
    }

    /** Every message that came, whatever was answered. */
    public List<String> messages() {
        return received.stream().map(Received::text).toList();
    }

    public List<Received> received() {
        return List.copyOf(received);
    }

    /** Returns what came to addresses that end so. */
    public List<Received> to(String path) {
        return received.stream().filter(each -> each.path().endsWith(path)).toList();
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            received.add(new Received(
                    path,
                    Map.copyOf(exchange.getRequestHeaders()),
                    exchange.getRequestBody().readAllBytes()));
            Runnable incident = incidents.poll();
            if (incident != null) {
                incident.run();
            }
            Reply next = replies.poll();
            Reply reply = next == null ? usual(path) : next;
            if (reply.equals(Reply.RESET)) {
                return;
            }
            byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
            reply.headers().forEach(exchange.getResponseHeaders()::add);
            exchange.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
        }
    }

    private Reply usual(String path) {
        if (path.contains("/chat.")) {
            return Reply.of(
                    200,
                    "{\"ok\":true,\"channel\":\"C024BE91L\",\"ts\":\"1700000000." + messages.incrementAndGet() + "\"}");
        }
        return path.endsWith("/v2/enqueue")
                ? Reply.of(202, "{\"status\":\"success\",\"message\":\"Event processed\"}")
                : Reply.of(200, "ok");
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
