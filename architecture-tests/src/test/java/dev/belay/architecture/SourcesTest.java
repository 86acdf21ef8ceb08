// SPDX-License-Identifier: Apache-2.0
package dev.belay.architecture;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.belay.contracts.Topic;
import dev.belay.contracts.Topics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What cannot be seen in compiled classes: names of topics in texts, channels in settings, dependencies in poms. */
class SourcesTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final Pattern TOPIC_LITERAL = Pattern.compile("\"[^\"\\n]*belay\\.[a-z-]+\\.v[0-9]");
    private static final Pattern CHANNEL_KEY =
            Pattern.compile("mp\\.messaging\\.(incoming|outgoing)\\.([a-z-]+)\\.(.+)");
    private static final Pattern OWN_DEPENDENCY = Pattern.compile(
            "<groupId>dev\\.belay</groupId>\\s*<artifactId>([a-z-]+)</artifactId>(?!\\s*<version>)(\\s*<scope>test</scope>)?");
    private static final String PREFIX = "${belay.kafka.topic-prefix:}";

    @Test
    void topicsAreNamedInContractsAndNowhereElse() throws IOException {
        List<Path> named = new ArrayList<>();
        for (Modules module : Modules.values()) {
            if (module != Modules.CONTRACTS) {
                named.addAll(sourcesNamingATopic(ROOT.resolve(module.folder()).resolve("src/main/java")));
            }
        }

        assertThat(named).as("use a constant of Topics").isEmpty();
    }

    @Test
    void aTopicNamedInASourceIsFound() {
        assertThat(namesATopic("consume(\"belay.flags.v1\")")).isTrue();
        assertThat(namesATopic("consume(prefix + \"x.belay.evidence-history.v1\")"))
                .isTrue();
        assertThat(namesATopic(" * <p>Topic {@code belay.flags.v1}, keyed by flag."))
                .isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void channelsReadKnownTopicsInTheServicesGroupAndNeverStop(Modules module) throws IOException {
        channels(module).forEach((channel, settings) -> assertThat(faults(module.folder(), channel, settings))
                .as(module.folder() + ": " + channel)
                .isEmpty());
    }

    @Test
    void aChannelThatWouldStopOrShareIsFound() {
        assertThat(faults("notifier", "rollouts", Map.of("topic", "belay.unknown.v1", "failure-strategy", "fail")))
                .containsExactlyInAnyOrder(
                        "the name must begin with notifier-",
                        "topic must be " + PREFIX + "<name of a topic>",
                        "group.id must be notifier",
                        "failure-strategy must be ignore",
                        "auto.offset.reset must be earliest",
                        "health-enabled must be false");
    }

    @ParameterizedTest
    @EnumSource
    void aPomNamesOnlyDeclaredModules(Modules module) throws IOException {
        Set<String> allowed = module.uses().stream().map(Modules::folder).collect(Collectors.toSet());

        assertThat(allowed).containsAll(dependencies(Files.readString(ROOT.resolve(module.folder() + "/pom.xml"))));
    }

    @Test
    void aDependencyOfTestsIsNoDependency() {
        String pom = "<groupId>dev.belay</groupId>\n<artifactId>belay</artifactId>\n<version>1</version>"
                + "<groupId>dev.belay</groupId>\n<artifactId>kafka</artifactId>\n"
                + "<groupId>dev.belay</groupId>\n<artifactId>embedded</artifactId>\n<scope>test</scope>";

        assertThat(dependencies(pom)).containsExactly("kafka");
    }

    private static List<Path> sourcesNamingATopic(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> namesATopic(read(file)))
                    .map(ROOT::relativize)
                    .toList();
        }
    }

    private static boolean namesATopic(String source) {
        return TOPIC_LITERAL.matcher(source).find();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("cannot be read: " + file, e);
        }
    }

    private static Map<String, Map<String, String>> channels(Modules module) throws IOException {
        Path file = ROOT.resolve(module.folder()).resolve("src/main/resources/META-INF/microprofile-config.properties");
        Properties settings = new Properties();
        if (Files.exists(file)) {
            try (var in = Files.newBufferedReader(file)) {
                settings.load(in);
            }
        }
        Map<String, Map<String, String>> channels = new TreeMap<>();
        for (String key : settings.stringPropertyNames()) {
            Matcher matcher = CHANNEL_KEY.matcher(key);
            if (matcher.matches() && matcher.group(1).equals("incoming")) {
                channels.computeIfAbsent(matcher.group(2), any -> new TreeMap<>())
                        .put(matcher.group(3), settings.getProperty(key));
            }
        }
        return channels;
    }

    private static List<String> faults(String service, String channel, Map<String, String> settings) {
        List<String> faults = new ArrayList<>();
        if (!channel.startsWith(service + "-")) {
            faults.add("the name must begin with " + service + "-");
        }
        Set<String> topics =
                Topics.all().stream().map(Topic::name).map(PREFIX::concat).collect(Collectors.toSet());
        if (!topics.contains(settings.getOrDefault("topic", ""))) {
            faults.add("topic must be " + PREFIX + "<name of a topic>");
        }
        Map.of(
                        "group.id", service,
                        "failure-strategy", "ignore",
                        "auto.offset.reset", "earliest",
                        "health-enabled", "false")
                .forEach((key, value) -> {
                    if (!value.equals(settings.get(key))) {
                        faults.add(key + " must be " + value);
                    }
                });
        return faults;
    }

    private static List<String> dependencies(String pom) {
        return OWN_DEPENDENCY
                .matcher(pom)
                .results()
                .filter(result -> result.group(2) == null)
                .map(result -> result.group(1))
                .toList();
    }
}
