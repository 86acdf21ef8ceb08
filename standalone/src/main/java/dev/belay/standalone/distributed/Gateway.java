// SPDX-License-Identifier: Apache-2.0
package dev.belay.standalone.distributed;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

import dev.belay.contracts.Json;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.httpproxy.Body;
import io.vertx.httpproxy.HttpProxy;
import io.vertx.httpproxy.ProxyContext;
import io.vertx.httpproxy.ProxyInterceptor;
import io.vertx.httpproxy.ProxyResponse;
import org.jspecify.annotations.Nullable;

/** One address for all replicas: each path is passed on to a live replica of the service that answers it. */
public final class Gateway implements AutoCloseable {
    /*
     * Whoever cannot be connected to is passed over: nothing was sent yet, so any method may go to another replica. A GET
     * whose replica dies while it answers is asked again of another; its answer is held back until it is whole. Streams
     * pass as they come.
     *
     * A caller reads what it has written: requests go to the first replica that is ready, as long as that is so. Edges,
     * which keep nothing a caller writes, take turns.
     */
    private static final System.Logger LOG = System.getLogger(Gateway.class.getName());
    private static final String DRAIN = "/api/v1/evidence/drain";
    private static final String READY = "/q/health/ready";
    private static final String JSON = "application/json";
    private static final long LOOK_MILLIS = 500;
    private static final long GLANCE_MILLIS = 50;
    private static final int CONNECT_MILLIS = 2_000;
    private static final int PATIENCE_SECONDS = 10;
    private static final int CONNECTIONS = 4_096;
    private static final int OK = 200;
    private static final int UNAVAILABLE = 503;
    /** A drain moves work from any replica to any other: the second round finds what the first has moved. */
    private static final int DRAIN_ROUNDS = 2;

    private final Fleet fleet;
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
    private final HttpClient client = vertx.httpClientBuilder()
            .with(new HttpClientOptions().setConnectTimeout(CONNECT_MILLIS))
            .with(new PoolOptions().setHttp1MaxSize(CONNECTIONS))
            .withConnectHandler(Gateway::expectLoss)
            .build();
    private final HttpServer server;
    private final Set<Replica> ready = ConcurrentHashMap.newKeySet();
    private final AtomicInteger turn = new AtomicInteger();
    private volatile boolean closed;

    private Gateway(Fleet fleet) {
        this.fleet = fleet;
        HttpProxy proxy = HttpProxy.reverseProxy(client).origin(this::connect).addInterceptor(new ProxyInterceptor() {
            @Override
            public Future<ProxyResponse> handleProxyRequest(ProxyContext context) {
                return isRepeatable(context.request().proxiedRequest()) ? repeated(context) : context.sendRequest();
            }
        });
        this.server = vertx.createHttpServer()
                .connectionHandler(Gateway::expectLoss)
                .requestHandler(request -> handle(request, proxy));
    }

    /**
     * Listens and begins to look after the replicas.
     *
     * @param port port on 127.0.0.1
     * @throws IOException if the port cannot be had
     */
    public static Gateway start(Fleet fleet, int port) throws IOException {
        Gateway gateway = new Gateway(fleet);
        try {
            join(gateway.server.listen(port, "127.0.0.1"));
        } catch (IOException e) {
            gateway.close();
            throw e;
        }
        gateway.look();
        return gateway;
    }

    /** Replicas die and callers leave: whoever waits for an answer learns of it elsewhere. */
    private static void expectLoss(HttpConnection connection) {
        connection.exceptionHandler(loss -> LOG.log(System.Logger.Level.DEBUG, "a connection was lost", loss));
    }

    /** Returns where it listens. */
    public String url() {
        return "http://127.0.0.1:" + server.actualPort();
    }

    /**
     * Waits until it passes requests on to every service.
     *
     * @throws IOException if it takes longer than {@code patience}
     */
    public void awaitReady(Duration patience) throws IOException, InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (!Arrays.stream(Service.values()).allMatch(this::isReady)) {
            if (System.nanoTime() > end) {
                throw new IOException("some service has no replica that is ready");
            }
            Thread.sleep(GLANCE_MILLIS);
        }
    }

    private void look() {
        if (closed) {
            return;
        }
        List<Future<Void>> looks = new ArrayList<>();
        fleet.replicas().forEach(replica -> looks.add(look(replica)));
        Future.join(looks).onComplete(done -> vertx.setTimer(LOOK_MILLIS, again -> look()));
    }

    private Future<Void> look(Replica replica) {
        return client.request(options(replica, HttpMethod.GET, READY).setTimeout(CONNECT_MILLIS))
                .compose(HttpClientRequest::send)
                .map(answer -> answer.statusCode() == OK)
                .otherwise(false)
                .map(isReady -> {
                    var unused = isReady ? ready.add(replica) : ready.remove(replica);
                    return null;
                });
    }

    private void handle(HttpServerRequest request, HttpProxy proxy) {
        if (READY.equals(request.path())) {
            sayReadiness(request.response());
        } else if (DRAIN.equals(request.path()) && HttpMethod.POST.equals(request.method())) {
            var unused = request.body()
                    .compose(body -> drain(request, body))
                    .onFailure(failure -> sayUnavailable(request.response(), Service.METRICS_WATCHER));
        } else if (candidates(Service.of(request.path())).isEmpty()) {
            sayUnavailable(request.response(), Service.of(request.path()));
        } else {
            proxy.handle(request);
        }
    }

    /** Those that are ready, then those that run: one that is not ready says best itself why. */
    private List<Replica> candidates(Service service) {
        List<Replica> all = fleet.replicas(service);
        List<Replica> found =
                new ArrayList<>(all.stream().filter(ready::contains).toList());
        if (service.takesTurns() && !found.isEmpty()) {
            Collections.rotate(found, Math.floorMod(turn.getAndIncrement(), found.size()));
        }
        all.stream()
                .filter(replica -> replica.isAlive() && !found.contains(replica))
                .forEach(found::add);
        return found;
    }

    private Future<HttpClientRequest> connect(ProxyContext context) {
        HttpServerRequest inbound = context.request().proxiedRequest();
        return connect(candidates(Service.of(inbound.path())), 0, inbound);
    }

    private Future<HttpClientRequest> connect(List<Replica> candidates, int index, HttpServerRequest inbound) {
        if (index >= candidates.size()) {
            return Future.failedFuture("no replica can be reached");
        }
        Replica replica = candidates.get(index);
        return client.request(options(replica, inbound.method(), inbound.uri())).recover(failure -> {
            ready.remove(replica);
            return connect(candidates, index + 1, inbound);
        });
    }

    private static boolean isRepeatable(HttpServerRequest request) {
        String accept = request.getHeader(HttpHeaders.ACCEPT);
        boolean isStream = accept != null && accept.contains("text/event-stream")
                || request.path().equals("/api/v1/stream");
        return HttpMethod.GET.equals(request.method()) && !isStream;
    }

    private Future<ProxyResponse> repeated(ProxyContext context) {
        HttpServerRequest inbound = context.request().proxiedRequest();
        return ask(candidates(Service.of(inbound.path())), 0, inbound, inbound.uri(), null)
                .map(answer -> answer.writtenTo(context.request().release().response()));
    }

    private record Answered(int status, String message, MultiMap headers, Buffer body) {
        ProxyResponse writtenTo(ProxyResponse response) {
            response.setStatusCode(status).setStatusMessage(message);
            headers.forEach(header -> {
                if (!header.getKey().equalsIgnoreCase("content-length")
                        && !header.getKey().equalsIgnoreCase("transfer-encoding")) {
                    response.headers().add(header.getKey(), header.getValue());
                }
            });
            return response.setBody(Body.body(body));
        }
    }

    private Future<Answered> ask(
            List<Replica> candidates, int index, HttpServerRequest inbound, String uri, @Nullable Buffer body) {
        if (index >= candidates.size()) {
            return Future.failedFuture("no replica answers");
        }
        Replica replica = candidates.get(index);
        return client.request(options(replica, inbound.method(), uri))
                .compose(request -> {
                    inbound.headers().forEach(header -> {
                        if (!header.getKey().equalsIgnoreCase("host")
                                && !header.getKey().equalsIgnoreCase("content-length")
                                && !header.getKey().equalsIgnoreCase("connection")) {
                            request.headers().add(header.getKey(), header.getValue());
                        }
                    });
                    return body == null ? request.send() : request.send(body);
                })
                .compose(answer -> answer.body()
                        .map(whole ->
                                new Answered(answer.statusCode(), answer.statusMessage(), answer.headers(), whole)))
                .recover(failure -> {
                    ready.remove(replica);
                    return ask(candidates, index + 1, inbound, uri, body);
                });
    }

    /** A replica drains what is its own: all of them are asked, one after the other. */
    private Future<Void> drain(HttpServerRequest inbound, Buffer body) {
        List<Replica> running = fleet.replicas(Service.METRICS_WATCHER).stream()
                .filter(Replica::isAlive)
                .toList();
        List<Replica> rounds = new ArrayList<>();
        for (int round = 0; round < (running.size() == 1 ? 1 : DRAIN_ROUNDS); round++) {
            rounds.addAll(running);
        }
        Future<Answered> last = Future.failedFuture("no replica runs");
        for (int i = 0; i < rounds.size(); i++) {
            Replica replica = rounds.get(i);
            last = i == 0
                    ? ask(List.of(replica), 0, inbound, inbound.uri(), body)
                    : last.compose(before -> before.status() >= 300
                            ? Future.succeededFuture(before)
                            : ask(List.of(replica), 0, inbound, inbound.uri(), body));
        }
        return last.compose(answer -> {
            HttpServerResponse response = inbound.response().setStatusCode(answer.status());
            String type = answer.headers().get(HttpHeaders.CONTENT_TYPE);
            if (type != null) {
                response.putHeader(HttpHeaders.CONTENT_TYPE, type);
            }
            return response.end(answer.body());
        });
    }

    private void sayReadiness(HttpServerResponse response) {
        List<Map<String, String>> checks = Arrays.stream(Service.values())
                .map(service -> Map.of("name", service.module(), "status", isReady(service) ? "UP" : "DOWN"))
                .toList();
        boolean all = Arrays.stream(Service.values()).allMatch(this::isReady);
        var unused = response.setStatusCode(all ? OK : UNAVAILABLE)
                .putHeader(HttpHeaders.CONTENT_TYPE, JSON)
                .end(Json.write(Map.of("status", all ? "UP" : "DOWN", "checks", checks)));
    }

    private boolean isReady(Service service) {
        return fleet.replicas(service).stream().anyMatch(ready::contains);
    }

    private static void sayUnavailable(HttpServerResponse response, Service service) {
        if (response.ended()) {
            return;
        }
        var unused = response.setStatusCode(UNAVAILABLE)
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/problem+json")
                .putHeader("Retry-After", "1")
                .end(Json.write(Map.of(
                        "type",
                        "about:blank",
                        "title",
                        "Service Unavailable",
                        "status",
                        UNAVAILABLE,
                        "code",
                        "no-replica",
                        "detail",
                        "no replica of " + service.module() + " answers; try again",
                        "errors",
                        List.of())));
    }

    private static RequestOptions options(Replica replica, HttpMethod method, String uri) {
        return new RequestOptions()
                .setMethod(method)
                .setHost("127.0.0.1")
                .setPort(replica.port())
                .setURI(uri);
    }

    private static <T> T join(Future<T> future) throws IOException {
        try {
            return future.toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException(String.valueOf(e.getMessage()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            join(vertx.close());
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "the gateway did not close", e);
        }
    }
}
