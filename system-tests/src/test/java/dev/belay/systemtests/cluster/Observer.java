// SPDX-License-Identifier: Apache-2.0
package dev.belay.systemtests.cluster;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.contracts.Json;
import dev.belay.standalone.Api;
import dev.belay.standalone.distributed.Replica;
import dev.belay.systemtests.history.Entry;
import dev.belay.systemtests.history.History;

/** Clients at every edge: they evaluate all flags again and again, listen to its stream, and note what they are served. */
public final class Observer implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final Duration STATE_PAUSE = Duration.ofMillis(250);
    private static final String TREATMENT = "on";
    private static final int OK = 200;

    /**
     * How closely it is looked.
     *
     * @param environment environment of the flags
     * @param users how many users are asked for, one after the other
     * @param pause between the last of them and the first
     * @param asksServices whether the edges are asked for readiness before each request, and the scheduler for its states
     */
    public record Manner(String environment, int users, Duration pause, boolean asksServices) {
        static final Manner USUAL = new Manner(Cluster.ENVIRONMENT, 12, PAUSE, true);
    }

    private final Cluster cluster;
    private final History history;
    private final Set<String> flags;
    private final Manner manner;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    private final List<Thread> threads = new ArrayList<>();
    private final Set<InputStream> streams = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    public Observer(Cluster cluster, History history, Set<String> flags) {
        this(cluster, history, flags, Manner.USUAL);
    }

    public Observer(Cluster cluster, History history, Set<String> flags, Manner manner) {
        this.cluster = cluster;
        this.history = history;
        this.flags = Set.copyOf(flags);
        this.manner = manner;
    }

    /** Begins to look. */
    public void start() {
        for (Replica edge : cluster.edges()) {
            begin(edge.name() + "-asking", () -> ask(edge), manner.pause());
            begin(edge.name() + "-listening", () -> listen(edge), PAUSE);
        }
        if (manner.asksServices()) {
            flags.forEach(flag -> begin(flag + "-state", () -> look(flag), STATE_PAUSE));
        }
    }

    private interface Step {
        void take() throws IOException, InterruptedException;
    }

    private void begin(String name, Step step, Duration pause) {
        Thread thread = new Thread(
                () -> {
                    while (!closed) {
                        try {
                            step.take();
                        } catch (IOException e) {
                            // Whatever was asked is away: asked again.
                        } catch (InterruptedException e) {
                            return;
                        }
                        try {
                            Thread.sleep(pause.toMillis());
                        } catch (InterruptedException e) {
                            return;
                        }
                    }
                },
                name);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    /** Asks an edge once for what some users are served; asking for all flags at once exposes nobody. */
    public void ask(Replica edge) throws IOException, InterruptedException {
        Api server = cluster.server(edge, manner.environment());
        for (int user = 0; user < manner.users() && !closed; user++) {
            int process = cluster.process(edge);
            boolean ready = !manner.asksServices() || edge.isReady() && cluster.process(edge) == process;
            long begin = System.nanoTime();
            JsonNode answer = server.post(
                    "/ofrep/v1/evaluate/flags",
                    "application/json",
                    "{\"context\":{\"targetingKey\":\"seen-" + user + "\"}}");
            long end = System.nanoTime();
            int asked = user;
            answer.path("flags").forEach(flag -> note(flag, edge.name(), process, asked, ready, begin, end));
        }
    }

    private void note(JsonNode flag, String edge, int process, int user, boolean ready, long begin, long end) {
        String key = flag.path("key").asText();
        if (flags.contains(key) && flag.hasNonNull("variant")) {
            history.add(new Entry.Served(
                    key,
                    edge,
                    process,
                    user,
                    flag.path("variant").asText().equals(TREATMENT),
                    flag.path("metadata").path("allocation").asInt(),
                    ready,
                    begin,
                    end));
        }
    }

    private void listen(Replica edge) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(edge.url() + "/api/v1/stream"))
                .header("Authorization", "Bearer " + cluster.keys().client())
                .header("X-Belay-Project", Cluster.PROJECT)
                .header("X-Belay-Environment", manner.environment())
                .build();
        HttpResponse<InputStream> response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream stream = response.body()) {
            if (response.statusCode() != OK) {
                return;
            }
            streams.add(stream);
            try (Stream<String> lines =
                    new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8)).lines()) {
                lines.filter(line -> line.startsWith("data:")).forEach(line -> heard(line.substring(5), edge));
            } catch (UncheckedIOException e) {
                throw e.getCause();
            } finally {
                streams.remove(stream);
            }
        }
    }

    private void heard(String data, Replica edge) {
        long at = System.nanoTime();
        JsonNode change = Json.read(data, JsonNode.class);
        String flag = change.path("flag").asText();
        JsonNode versions = change.path("versions");
        if (flags.contains(flag)) {
            history.add(
                    versions.path("out").isEmpty()
                            ? new Entry.StreamedOn(flag, edge.name(), at)
                            : new Entry.Streamed(flag, edge.name(), at));
        }
    }

    private void look(String flag) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        cluster.admin().get("/api/v1/rollouts/shop/production/" + flag).ifPresent(state -> {
            history.add(new Entry.Stated(
                    flag, state.path("status").asText(), state.path("stage").asInt(), begin, System.nanoTime()));
        });
    }

    /** Returns whether every edge answered last that none of the users has the treatment, in a request begun after {@code since}. */
    public boolean areAllOff(String flag, long since) {
        return holdsForAll(flag, since, served -> !served.treatment());
    }

    /** Returns whether every edge answered last for each user as wanted, in a request begun after {@code since}. */
    public boolean holdsForAll(String flag, long since, Predicate<Entry.Served> wanted) {
        List<Entry.Served> all = history.of(Entry.Served.class, flag);
        return cluster.edges().stream().allMatch(edge -> {
            List<Entry.Served> asked = all.stream()
                    .filter(served -> served.edge().equals(edge.name()) && served.begin() > since)
                    .toList();
            return asked.size() >= manner.users()
                    && asked.subList(asked.size() - manner.users(), asked.size()).stream()
                            .allMatch(wanted);
        });
    }

    @Override
    public void close() {
        closed = true;
        threads.forEach(Thread::interrupt);
        streams.forEach(stream -> {
            try {
                stream.close();
            } catch (IOException e) {
                // It was over already.
            }
        });
    }
}
