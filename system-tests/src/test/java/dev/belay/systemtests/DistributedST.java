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
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.belay.embedded.FreePort;
import dev.belay.systemtests.cluster.Cluster;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** {@code belay up --distributed}: every service apart, one address, and nothing left behind. */
@Tag("thorough")
class DistributedST {
    private static final int SERVICES = 6;
    private static final Pattern LINE = Pattern.compile("([a-z-]+-[0-9]) +http://127.0.0.1:[0-9]+ +pid ([0-9]+) ");

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @TempDir
    Path folder;

    @Test
    void oneAddressForAllWhoDiesIsStartedAgainAndNothingOutlivesTheLauncher() throws IOException, InterruptedException {
        int port = FreePort.find();
        Path output = folder.resolve("output");
        Process launcher = start(port, output);
        Set<ProcessHandle> all = new HashSet<>();
        try {
            patiently().failFast(() -> !launcher.isAlive()).until(() -> read(output)
                    .contains("Ctrl-C stops it"));
            assertThat(get(port, "/q/health/ready").statusCode()).isEqualTo(200);
            assertThat(get(port, "/api/v1/rollouts").statusCode()).isEqualTo(401);
            assertThat(get(port, "/api/v1/flags").statusCode()).isEqualTo(401);
            assertThat(pids(output)).hasSize(SERVICES);

            long edge = pids(output).get(4);
            ProcessHandle.of(edge).orElseThrow().destroyForcibly();

            patiently()
                    .until(() -> read(output).contains("flag-edge-1 ended with code 137 and is started again in 1 s"));
            patiently()
                    .until(() -> get(port, "/q/health/ready").statusCode() == 200
                            && launcher.children().count() >= SERVICES);
            launcher.descendants().forEach(all::add);
            all.add(server());
        } finally {
            launcher.destroyForcibly();
        }

        patiently().until(() -> all.stream().noneMatch(ProcessHandle::isAlive));
    }

    private ProcessHandle server() throws IOException {
        String pid = Files.readAllLines(folder.resolve("data/postgres/data/postmaster.pid"))
                .get(0)
                .trim();
        return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
    }

    private Process start(int port, Path output) throws IOException {
        String root = System.getProperty("belay.root");
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx600m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Dbelay.home=" + root,
                        "-jar",
                        Path.of(root, "standalone", "target", "quarkus-app", "quarkus-run.jar")
                                .toString(),
                        "up",
                        "--distributed",
                        "--replicas",
                        "1",
                        "--data",
                        folder.resolve("data").toString(),
                        "--port",
                        Integer.toString(port))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
    }

    private HttpResponse<String> get(int port, String path) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static String read(Path output) throws IOException {
        return Files.readString(output);
    }

    private static List<Long> pids(Path output) throws IOException {
        Matcher matcher = LINE.matcher(read(output));
        return matcher.results().map(found -> Long.parseLong(found.group(2))).toList();
    }

    private static ConditionFactory patiently() {
        return Awaitility.await().atMost(Cluster.PATIENCE).pollInterval(Duration.ofMillis(250));
    }
}
