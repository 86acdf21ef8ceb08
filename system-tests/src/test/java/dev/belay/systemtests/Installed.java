// SPDX-License-Identifier: Apache-2.0
package dev.belay.systemtests;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.contracts.Json;
import dev.belay.embedded.FreePort;
import org.awaitility.Awaitility;

/** A process of its own that runs everything, as {@code belay up} starts it, with data that outlive it. */
public final class Installed implements AutoCloseable {
    public static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Path data;
    private final Path output;
    private final int port;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private Process process;

    /**
     * What was answered.
     *
     * @param status HTTP status
     * @param body its JSON
     */
    public record Answer(int status, JsonNode body) {}

    public Installed(Path data) throws IOException {
        this.data = data;
        this.output = data.resolveSibling(data.getFileName() + ".out");
        this.port = FreePort.find();
    }

    /** Starts it and waits until every part is ready. */
    public void start() throws IOException {
        Path jar = Path.of(System.getProperty("belay.root"), "standalone", "target", "quarkus-app", "quarkus-run.jar");
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx800m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-jar",
                        jar.toString(),
                        "up",
                        "--data",
                        data.toString(),
                        "--port",
                        Integer.toString(port))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                .start();
        Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(250))
                .failFast("it ended, see " + output, () -> !process.isAlive())
                .until(this::isReady);
    }

    /** Returns the base address. */
    public String url() {
        return "http://127.0.0.1:" + port;
    }

    /** Returns the address of the page with the admin key, as {@code belay up} prints it. */
    public String page() throws IOException {
        return Files.readAllLines(output).stream()
                .map(String::trim)
                .filter(line -> line.startsWith("console "))
                .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                .reduce((before, last) -> last)
                .orElseThrow(() -> new IOException("the address of the page was not printed, see " + output));
    }

    /** Ends the process as a power cut would. */
    public void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                kill();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    public Answer get(String path) throws IOException, InterruptedException {
        return send(request(path).GET().build());
    }

    public Answer put(String path, String yaml) throws IOException, InterruptedException {
        return send(request(path)
                .header("Content-Type", "application/yaml")
                .PUT(HttpRequest.BodyPublishers.ofString(yaml))
                .build());
    }

    public Answer post(String path, String type, String body) throws IOException, InterruptedException {
        return send(request(path)
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    private boolean isReady() {
        try {
            return get("/q/health/ready").status() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private HttpRequest.Builder request(String path) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(PATIENCE)
                .header("X-Belay-Project", "shop")
                .header("X-Belay-Environment", "production");
        Path keys = data.resolve("keys.json");
        return Files.exists(keys)
                ? request.header(
                        "X-API-Key",
                        Json.read(Files.readString(keys), JsonNode.class)
                                .path("admin")
                                .asText())
                : request;
    }

    private Answer send(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
        String body = response.body();
        return new Answer(response.statusCode(), Json.read(body.isBlank() ? "{}" : body, JsonNode.class));
    }
}
