// SPDX-License-Identifier: Apache-2.0
package dev.belay.k8s.story;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.ImageFromDockerfile;
import org.tukaani.xz.XZInputStream;

/** What Belay needs, on the same base image: a Kafka of the jars that the tests have, a PostgreSQL of the embedded binaries. */
final class Backing {
    static final String USER = "belay";

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    /** What a broker does not need of the class path of the tests. */
    private static final List<String> NOT_FOR_A_BROKER = List.of(
            "postgres", "testcontainers", "docker-java", "client-java", "okhttp", "okio", "kotlin", "swagger", "junit");

    private Backing() {}

    static GenericContainer<?> kafka(String base, Network network) {
        ImageFromDockerfile image = new ImageFromDockerfile("belay-story/kafka", false)
                .withFileFromString("Dockerfile", """
                        FROM %s
                        COPY lib/ /kafka/lib/
                        COPY classes/ /kafka/classes/
                        USER 65532:65532
                        ENTRYPOINT ["java", "-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", "/kafka/classes:/kafka/lib/*", "%s"]
                        """.formatted(base, Broker.class.getName()))
                .withFileFromPath("classes/" + file(Broker.class), classes().resolve(file(Broker.class)));
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .filter(jar -> jar.toString().endsWith(".jar"))
                .filter(jar -> NOT_FOR_A_BROKER.stream().noneMatch(name(jar)::contains))
                .forEach(jar -> image.withFileFromPath("lib/" + name(jar), jar));
        return new GenericContainer<>(image)
                .withNetwork(network)
                .withNetworkAliases(Broker.HOST)
                .waitingFor(Wait.forLogMessage(".*" + Broker.READY + ".*\\s", 1).withStartupTimeout(PATIENCE));
    }

    static GenericContainer<?> postgres(String base, Network network, String password) throws IOException {
        ImageFromDockerfile image = new ImageFromDockerfile("belay-story/postgres", false)
                .withFileFromString("Dockerfile", """
                        FROM %s
                        ADD postgres.tar /postgres/
                        COPY sh /bin/sh
                        COPY start /postgres/start
                        USER 65532:65532
                        ENTRYPOINT ["/bin/sh", "/postgres/start"]
                        """.formatted(base))
                .withFileFromPath("postgres.tar", unpacked())
                // initdb asks a shell to start things.
                .withFileFromPath("sh", Path.of("/bin/sh").toRealPath())
                .withFileFromString("start", """
                        set -e
                        printf '%s\\n' "$PASSWORD" >/tmp/password
                        /postgres/bin/initdb -D /tmp/data -U "$OWNER" -A scram-sha-256 --pwfile /tmp/password --no-sync \
                            --encoding UTF8 --locale C >/tmp/initdb.log
                        printf 'host all all all scram-sha-256\\n' >>/tmp/data/pg_hba.conf
                        printf 'create database belay;\\n' | /postgres/bin/postgres --single -D /tmp/data postgres >/tmp/create.log
                        exec /postgres/bin/postgres -D /tmp/data -c listen_addresses='*' -c unix_socket_directories=/tmp -c fsync=off
                        """);
        return new GenericContainer<>(image)
                .withNetwork(network)
                .withNetworkAliases("postgres")
                .withEnv("OWNER", USER)
                .withEnv("PASSWORD", password)
                .waitingFor(Wait.forLogMessage(".*ready to accept connections.*\\s", 1)
                        .withStartupTimeout(PATIENCE));
    }

    /** The engine unpacks a tar by itself, and an xz only with the help of the machine it runs on. */
    private static Path unpacked() throws IOException {
        String machine = System.getProperty("os.arch").toLowerCase(Locale.ROOT).equals("aarch64") ? "arm_64" : "x86_64";
        String packed = "/postgres-linux-" + machine + ".txz";
        Path tar = Files.createTempFile("postgres", ".tar");
        tar.toFile().deleteOnExit();
        try (InputStream in = Backing.class.getResourceAsStream(packed)) {
            if (in == null) {
                throw new IOException(packed + " is not on the class path");
            }
            Files.copy(new XZInputStream(in), tar, StandardCopyOption.REPLACE_EXISTING);
        }
        return tar;
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }

    private static String file(Class<?> type) {
        return type.getName().replace('.', '/') + ".class";
    }

    private static Path classes() {
        try {
            return Path.of(Broker.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
