// SPDX-License-Identifier: Apache-2.0
package dev.belay.systemtests.cluster;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToIntFunction;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.embedded.EmbeddedDatabase;
import dev.belay.embedded.EmbeddedKafka;
import dev.belay.embedded.FreePort;
import dev.belay.standalone.Api;
import dev.belay.standalone.Keys;
import dev.belay.standalone.distributed.Fleet;
import dev.belay.standalone.distributed.Gateway;
import dev.belay.standalone.distributed.Replica;
import dev.belay.standalone.distributed.Service;
import dev.belay.systemtests.history.Entry;
import dev.belay.systemtests.history.History;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A broker and a database in this JVM, every service as processes, and one address in front of them. */
public final class Cluster implements AutoCloseable {
    /** How long anything may take on a machine that has other things to do. */
    public static final Duration PATIENCE = Duration.ofMinutes(3);

    static final String PROJECT = "shop";
    static final String ENVIRONMENT = "production";

    private static final int HEAP_MEGABYTES = 192;
    private static final int POWER_CUT = 137;
    /** What a story shortens so that its holds can be seconds. */
    private static final Map<String, String> SHORT = Map.of(
            "belay.watcher.heartbeat", "PT1S",
            "belay.watcher.block-age", "PT2S",
            "belay.scheduler.verdict-age", "PT5S",
            "belay.edge.report-every", "PT4S",
            "belay.notifier.allow-private-addresses", "true",
            "belay.edge.sentry", "web=" + SentryHook.SECRET + "@" + PROJECT + "/" + ENVIRONMENT,
            "mp.messaging.connector.smallrye-kafka.graceful-shutdown", "false");

    private final Path folder;
    private final EmbeddedKafka kafka;
    private final EmbeddedDatabase database;
    private final Fleet fleet;
    private final Gateway gateway;
    private final Keys keys;
    private final SlackReceiver slack;
    private final Map<String, Integer> processes = new ConcurrentHashMap<>();
    private final Map<String, Api> ways = new ConcurrentHashMap<>();
    private final Set<String> paused = ConcurrentHashMap.newKeySet();
    private final List<Story> over = new CopyOnWriteArrayList<>();
    private @Nullable JsonNode firstKill;

    private static final Object LOCK = new Object();
    private static @Nullable Cluster shared;

    private Cluster(Path folder, ToIntFunction<Service> replicas, Map<String, String> more) throws IOException {
        this.folder = Files.createDirectories(folder).toAbsolutePath();
        Logger.getLogger("org.apache.kafka").setLevel(Level.SEVERE);
        Logger.getLogger("kafka").setLevel(Level.SEVERE);
        int port = FreePort.find();
        this.keys = Keys.in(this.folder, "http://127.0.0.1:" + port);
        this.slack = new SlackReceiver();
        this.kafka = EmbeddedKafka.start(this.folder.resolve("kafka"), 0);
        this.database = EmbeddedDatabase.start(this.folder.resolve("postgres"), 0);
        Map<String, String> settings = new HashMap<>(SHORT);
        settings.putAll(more);
        settings.put("kafka.bootstrap.servers", kafka.bootstrapServers());
        settings.put("belay.postgres.url", database.jdbcUrl());
        settings.put("belay.postgres.user", database.user());
        settings.put("belay.postgres.password", database.password());
        settings.put("belay.bootstrap.keys", keys.asBootstrap());
        Replica.Launch launch =
                new Replica.Launch(Path.of(System.getProperty("belay.root")), this.folder, HEAP_MEGABYTES, settings);
        this.fleet = new Fleet(launch, replicas);
        this.gateway = Gateway.start(fleet, port);
    }

    /**
     * Starts everything and waits until it is ready.
     *
     * @param folder where everything keeps its files
     * @param replicas how many processes each service has
     * @param settings configuration of every service, before what all clusters have
     */
    public static Cluster start(Path folder, ToIntFunction<Service> replicas, Map<String, String> settings)
            throws IOException, InterruptedException {
        Cluster cluster = new Cluster(folder, replicas, settings);
        try {
            cluster.fleet.start(PATIENCE.multipliedBy(2), cluster::more);
            cluster.fleet.awaitReady(PATIENCE);
            cluster.gateway.awaitReady(PATIENCE);
            return cluster;
        } catch (IOException | InterruptedException e) {
            cluster.close();
            throw e;
        }
    }

    /**
     * Returns the one that all tests of this JVM share: starting thirteen processes takes longer than most tests. It has
     * three edges and two of every other service, and ends with the JVM.
     */
    public static Cluster shared() throws IOException, InterruptedException {
        synchronized (LOCK) {
            if (shared == null) {
                Path folder = Files.createTempDirectory("belay-cluster");
                Cluster started = start(folder, service -> service == Service.FLAG_EDGE ? 3 : 2, Map.of());
                Runtime.getRuntime().addShutdownHook(new Thread(Cluster::endShared));
                started.firstKill = Story.firstKill(started);
                Story.share(started);
                shared = started;
            }
            return shared;
        }
    }

    /** Ends the one that is shared, if there is one; who asks for it later gets another. */
    public static void endShared() {
        synchronized (LOCK) {
            if (shared != null) {
                shared.end();
                shared = null;
            }
        }
    }

    private void end() {
        close();
        try (Stream<Path> walk = Files.walk(folder)) {
            walk.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        } catch (IOException e) {
            System.err.println(folder + " stays: " + e.getMessage());
        }
    }

    /** Returns the administrator's way in, through the one address. */
    public Api admin() {
        return way(gateway.url(), keys.admin(), ENVIRONMENT);
    }

    /** Returns the administrator's way to one process. */
    public Api admin(Replica replica) {
        return way(replica.url(), keys.admin(), ENVIRONMENT);
    }

    /** Returns a server's way to one edge. */
    public Api server(Replica edge) {
        return server(edge, ENVIRONMENT);
    }

    /** Returns a server's way to one edge, for another environment. */
    public Api server(Replica edge, String environment) {
        return way(edge.url(), keys.server(), environment);
    }

    /** A client of one's own for each request would be most of the work. */
    private Api way(String url, String key, String environment) {
        return ways.computeIfAbsent(
                url + " " + key + " " + environment, any -> new Api(url, key, PROJECT, environment));
    }

    /** Returns the incident of the first kill that this installation ever saw, of its first flag, when it was settled. */
    public JsonNode firstKill() {
        return Objects.requireNonNull(firstKill, "only what is shared begins with a kill");
    }

    public Keys keys() {
        return keys;
    }

    public Fleet fleet() {
        return fleet;
    }

    /** Returns what is written of rollouts and rollbacks from now on. */
    public RecordLog log() {
        return new RecordLog(kafka.bootstrapServers());
    }

    /** Returns who writes records at once, as the services do. */
    public Producer<byte[], byte[]> producer() {
        return new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        kafka.bootstrapServers(),
                        ProducerConfig.ACKS_CONFIG,
                        "all",
                        ProducerConfig.LINGER_MS_CONFIG,
                        0),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    public EmbeddedKafka kafka() {
        return kafka;
    }

    public EmbeddedDatabase database() {
        return database;
    }

    public SlackReceiver slack() {
        return slack;
    }

    public List<Replica> edges() {
        return fleet.replicas(Service.FLAG_EDGE);
    }

    /** Returns how many-th process of its name runs. */
    public int process(Replica replica) {
        return processes.getOrDefault(replica.name(), 1);
    }

    /** Stops a process where it stands, as a machine that hangs does. */
    public void pause(Replica replica) throws IOException, InterruptedException {
        paused.add(replica.name());
        signal(replica, "STOP");
    }

    /** Lets it go on. */
    public void resume(Replica replica) throws IOException, InterruptedException {
        signal(replica, "CONT");
        paused.remove(replica.name());
    }

    private static void signal(Replica replica, String name) throws IOException, InterruptedException {
        int code = new ProcessBuilder(
                        "kill", "-" + name, Long.toString(replica.process().pid()))
                .start()
                .waitFor();
        if (code != 0) {
            throw new IOException("kill -" + name + " of " + replica.name() + " answered " + code);
        }
    }

    /**
     * Ends a process as a power cut would.
     *
     * @throws IOException if it had ended already
     */
    public void kill(Replica replica, String how, History history) throws IOException, InterruptedException {
        if (!replica.isAlive()) {
            throw new IOException(replica.name() + " had ended before it was killed, see " + replica.log());
        }
        replica.kill();
        history.add(new Entry.Killed(replica.name(), how, System.nanoTime()));
    }

    /** Starts a process that was killed. */
    public void restart(Replica replica, History history) throws IOException {
        int number = processes.merge(replica.name(), 2, (old, one) -> old + 1);
        history.add(new Entry.Started(replica.name(), number, System.nanoTime()));
        replica.start(more(replica));
    }

    /** Lets one process of a service end when it comes to a place for the n-th time. */
    public void arm(Service service, String failpoint, int nth) throws IOException {
        Path draft = Files.writeString(folder.resolve("failpoint.draft"), failpoint + ":" + nth);
        Files.move(draft, order(service), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Calls off what has not happened. */
    public void disarm(Service service) throws IOException {
        Files.deleteIfExists(order(service));
    }

    /**
     * Starts again whoever came to a failpoint.
     *
     * @return whether somebody did
     */
    public boolean tend(History history, String how) throws IOException {
        boolean found = false;
        for (Replica replica : fleet.replicas()) {
            if (!replica.isAlive() && replica.process().exitValue() == POWER_CUT) {
                found = true;
                history.add(new Entry.Killed(replica.name(), how, System.nanoTime()));
                restart(replica, history);
            }
        }
        return found;
    }

    /** Brings back whatever is away, whoever took it away: the next story begins on a whole installation. */
    public void heal(History history) throws IOException, InterruptedException {
        for (Service service : Service.values()) {
            disarm(service);
        }
        database.restart();
        kafka.restart();
        for (Replica replica : fleet.replicas()) {
            if (paused.contains(replica.name()) && replica.isAlive()) {
                resume(replica);
            }
            if (!replica.isAlive()) {
                restart(replica, history);
            }
        }
        awaitReady();
    }

    /** Archives the flag of a story that is over, now or when another one is. */
    void retire(Story story) throws InterruptedException {
        over.add(story);
        for (Story each : List.copyOf(over)) {
            if (each.isArchived(this)) {
                over.remove(each);
            }
        }
    }

    /** Waits until every process is ready. */
    public void awaitReady() {
        Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(200)).until(() -> fleet.replicas().stream()
                .allMatch(Replica::isReady));
    }

    private Map<String, String> more(Replica replica) {
        Map<String, String> more = new LinkedHashMap<>();
        more.put("belay.failpoint", "@" + order(replica.service()));
        return more;
    }

    private Path order(Service service) {
        return folder.resolve("failpoint-" + service.module());
    }

    @Override
    public void close() {
        gateway.close();
        fleet.close();
        slack.close();
        kafka.close();
        try {
            database.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
