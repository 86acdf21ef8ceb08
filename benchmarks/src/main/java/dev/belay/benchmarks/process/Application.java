// SPDX-License-Identifier: Apache-2.0
package dev.belay.benchmarks.process;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.belay.embedded.FreePort;

/** A packaged Quarkus application as a process, on a port of 127.0.0.1: the services, and what they are compared with. */
public final class Application implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final Duration GLANCE = Duration.ofSeconds(5);
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final String module;
    private final JavaProcess process;
    private final int port;

    private Application(String module, JavaProcess process, int port) {
        this.module = module;
        this.process = process;
        this.port = port;
    }

    /**
     * Starts it and waits until it answers.
     *
     * @param home folder of the source tree
     * @param module folder of the module in it
     * @param folder folder of the process's files
     * @param heapMegabytes the most it may have as heap
     * @param settings its configuration
     * @param ready path that answers 200, or anything, when it is ready
     */
    public static Application start(
            Path home, String module, Path folder, int heapMegabytes, Map<String, String> settings, String ready)
            throws IOException {
        Path jar = home.resolve(module).resolve("target/quarkus-app/quarkus-run.jar");
        if (!Files.exists(jar)) {
            throw new IOException(module + " is not packaged: " + jar + " is missing");
        }
        int port = FreePort.find();
        List<String> arguments = new ArrayList<>();
        arguments.add("-Xmx" + heapMegabytes + "m");
        settings.forEach((key, value) -> arguments.add("-D" + key + "=" + value));
        arguments.add("-Dquarkus.http.host=127.0.0.1");
        arguments.add("-Dquarkus.http.port=" + port);
        arguments.add("-jar");
        arguments.add(jar.toString());
        String name = module.replace('/', '-');
        Application started = new Application(name, JavaProcess.start(name, folder, arguments), port);
        Patience.until(name + " is ready", PATIENCE, () -> started.answers(ready));
        return started;
    }

    public String module() {
        return module;
    }

    public int port() {
        return port;
    }

    /** Returns the processor time it has used since its start. */
    public Duration cpu() {
        return process.cpu();
    }

    /** Returns the value of a Prometheus metric without labels; 0 when there is none. */
    public double metric(String name) {
        return get("/q/metrics")
                .lines()
                .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    @Override
    public void close() {
        process.close();
    }

    private boolean answers(String path) {
        process.requireAlive();
        try {
            int status = CLIENT.send(request(path), HttpResponse.BodyHandlers.discarding())
                    .statusCode();
            return status < HttpURLConnection.HTTP_INTERNAL_ERROR;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private String get(String path) {
        try {
            return CLIENT.send(request(path), HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new IllegalStateException(module + " does not answer " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private HttpRequest request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(GLANCE)
                .build();
    }
}
