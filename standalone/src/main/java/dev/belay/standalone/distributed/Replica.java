// SPDX-License-Identifier: Apache-2.0
package dev.belay.standalone.distributed;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import dev.belay.embedded.FreePort;
import org.jspecify.annotations.Nullable;

/** One process of one service, with a port, a folder and a log of its own. Can be started again after it has ended. */
public final class Replica {
    /** What fits twelve times into a small machine: little heap, no second compiler, one collecting thread. */
    private static final List<String> SMALL = List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xss512k");

    private static final List<String> SECRETS = List.of("belay.bootstrap.keys", "belay.postgres.password");
    private static final Duration GLANCE = Duration.ofSeconds(2);
    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(GLANCE)
            .build();
    private static final int OK = 200;

    private final Service service;
    private final int number;
    private final Launch launch;
    private final Path folder;
    private final int port;
    private volatile @Nullable Process process;

    /**
     * What all replicas are started with.
     *
     * @param root folder of the source tree whose packaged applications are run
     * @param data folder that gets one folder for each replica
     * @param heapMegabytes the most each process may have as heap
     * @param settings configuration of every service
     */
    public record Launch(Path root, Path data, int heapMegabytes, Map<String, String> settings) {
        public Launch {
            settings = Map.copyOf(settings);
        }
    }

    /**
     * @param number from 1
     * @throws IOException if there is no port, or the folder cannot be made
     */
    public Replica(Service service, int number, Launch launch) throws IOException {
        this.service = service;
        this.number = number;
        this.launch = launch;
        this.folder = Files.createDirectories(launch.data().resolve(service.module() + "-" + number));
        this.port = FreePort.find();
    }

    /** Starts the process. */
    public void start() throws IOException {
        start(Map.of());
    }

    /**
     * Starts the process.
     *
     * @param more configuration of this run alone
     */
    public synchronized void start(Map<String, String> more) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command(more))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output().toFile()));
        launch.settings().forEach((key, value) -> {
            if (SECRETS.contains(key)) {
                builder.environment().put(key.toUpperCase(Locale.ROOT).replace('.', '_'), value);
            }
        });
        process = builder.start();
    }

    private List<String> command(Map<String, String> more) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx" + launch.heapMegabytes() + "m");
        command.addAll(SMALL);
        Map<String, String> all = new LinkedHashMap<>(launch.settings());
        SECRETS.forEach(all::remove);
        all.put("quarkus.http.host", "127.0.0.1");
        all.put("quarkus.http.port", Integer.toString(port));
        all.put("quarkus.log.file.enabled", "true");
        all.put("quarkus.log.file.path", log().toString());
        all.put("quarkus.log.console.enabled", "false");
        all.put("quarkus.banner.enabled", "false");
        all.put("belay.parent.pid", Long.toString(ProcessHandle.current().pid()));
        all.putAll(service.ownSettings(name(), folder));
        all.putAll(more);
        all.forEach((key, value) -> command.add("-D" + key + "=" + value));
        command.add("-jar");
        command.add(service.jar(launch.root()).toString());
        return command;
    }

    public Service service() {
        return service;
    }

    /** Returns for instance {@code flag-edge-1}. */
    public String name() {
        return service.module() + "-" + number;
    }

    public int port() {
        return port;
    }

    /** Returns where it answers. */
    public String url() {
        return "http://127.0.0.1:" + port;
    }

    /** Returns the folder of its files. */
    public Path folder() {
        return folder;
    }

    /** Returns the file of what it says. */
    public Path log() {
        return folder.resolve(service.module() + ".log");
    }

    /** Returns the file of what it prints before and beside its log. */
    public Path output() {
        return folder.resolve(service.module() + ".out");
    }

    public boolean isAlive() {
        Process running = process;
        return running != null && running.isAlive();
    }

    /** Returns its process. */
    public Process process() {
        Process running = process;
        if (running == null) {
            throw new IllegalStateException(name() + " was never started");
        }
        return running;
    }

    /** Returns whether it answers, ready or not. */
    public boolean isAnswering() {
        return isAlive() && status("/q/health/live") > 0;
    }

    /** Returns whether it says that it is ready. */
    public boolean isReady() {
        return isAlive() && status("/q/health/ready") == OK;
    }

    /** Asks it to stop, without waiting. */
    public void askToStop() {
        Process running = process;
        if (running != null) {
            running.destroy();
        }
    }

    /** Ends it as a power cut would, and waits until it is gone. */
    public void kill() throws InterruptedException {
        Process running = process;
        if (running != null) {
            running.destroyForcibly().waitFor();
        }
    }

    /** Waits until it has ended; kills it when that takes longer than {@code patience}. */
    public void awaitEnd(Duration patience) throws InterruptedException {
        Process running = process;
        if (running != null && !running.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            kill();
        }
    }

    /** Returns the HTTP status of an answer, 0 when there is none. */
    private int status(String path) {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(url() + path)).timeout(GLANCE).build();
        try {
            return CLIENT.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }
}
