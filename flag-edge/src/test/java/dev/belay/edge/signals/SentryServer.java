// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge.signals;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.belay.contracts.Json;
import dev.belay.edge.BrokerResource;
import io.sentry.Sentry;
import io.sentry.SentryOptions;

import static io.restassured.RestAssured.given;

/** As much of Sentry as stands between its Java client and the webhook: takes envelopes, and signs an error webhook. */
final class SentryServer implements AutoCloseable {
    private final URI edge;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(2);
    private final Queue<Integer> answers = new ConcurrentLinkedQueue<>();

    SentryServer(URI edge) throws IOException {
        this.edge = edge;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    /** Lets the real client report an exception of somebody who was served a variant, and returns the event's id. */
    String reportFrom(String unit, String flag, String variant) {
        SentryOptions options = new SentryOptions();
        options.setDsn("http://public@127.0.0.1:" + server.getAddress().getPort() + "/1");
        options.setEnvironment("prod");
        options.setEnableUncaughtExceptionHandler(false);
        options.setBeforeSend(new BelayTags());
        Sentry.init(options);
        BelayTags.served("somebody before", "another", "on");
        BelayTags.served(unit, flag, variant);
        String id = Sentry.captureException(new IllegalStateException("mail of a@b.c"))
                .toString();
        Sentry.flush(5_000);
        return id;
    }

    /** Returns the statuses the edge has answered webhooks with. */
    Queue<Integer> answers() {
        return answers;
    }

    @Override
    public void close() {
        Sentry.close();
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        byte[] sent = exchange.getRequestBody().readAllBytes();
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, 2);
        exchange.getResponseBody().write("{}".getBytes(StandardCharsets.UTF_8));
        exchange.close();
        boolean packed = sent.length > 1 && sent[0] == 0x1f;
        String envelope = new String(
                packed ? new GZIPInputStream(new ByteArrayInputStream(sent)).readAllBytes() : sent,
                StandardCharsets.UTF_8);
        String[] lines = envelope.split("\n");
        for (int i = 1; i + 1 < lines.length; i++) {
            if (lines[i].contains("\"type\":\"event\"")) {
                report((ObjectNode) Json.mapper().readTree(lines[i + 1]));
            }
        }
    }

    /** Sentry keeps tags as pairs. */
    private void report(ObjectNode event) {
        ArrayNode tags = Json.mapper().createArrayNode();
        for (var tag : event.path("tags").properties()) {
            tags.addArray().add(tag.getKey()).add(tag.getValue());
        }
        event.set("tags", tags);
        JsonNode webhook = Json.mapper()
                .createObjectNode()
                .put("action", "created")
                .set("data", Json.mapper().createObjectNode().set("error", event));
        String body = webhook.toString();
        answers.add(given().header("Sentry-Hook-Resource", "error")
                .header("Sentry-Hook-Timestamp", Instant.now().getEpochSecond())
                .header("Sentry-Hook-Signature", sign(body))
                .contentType("application/json")
                .body(body.getBytes(StandardCharsets.UTF_8))
                .post(edge.resolve("/api/v1/sentry/web"))
                .statusCode());
    }

    private static String sign(String body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(BrokerResource.SENTRY_SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(body.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
