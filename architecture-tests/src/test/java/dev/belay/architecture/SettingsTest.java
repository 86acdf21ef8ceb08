// SPDX-License-Identifier: Apache-2.0
package dev.belay.architecture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The page of settings names every setting of the services, and none that is gone. */
class SettingsTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final String NAME = "belay\\.[a-z-]+\\.[a-z.-]*[a-z]";
    private static final Pattern USED =
            Pattern.compile("(?:@ConfigProperty\\(\\s*name = |get(?:Optional)?Values?\\(\\s*)\"(" + NAME + ")\"|\\$\\{("
                    + NAME + ")|(?m:^(" + NAME + ")=)");
    private static final Pattern MAPPING = Pattern.compile(
            "@ConfigMapping\\(prefix = \"(belay\\.[a-z-]+)\"\\)\\s*interface \\w+ \\{(.*?)\\n}", Pattern.DOTALL);
    private static final Pattern MAPPED = Pattern.compile("(?m)^ {4}\\w+ (\\w+)\\(\\);");
    private static final Pattern LISTED = Pattern.compile("`(" + NAME + ")`");

    @Test
    void everySettingIsOnThePageAndNoneIsGone() throws IOException {
        String page = Files.readString(ROOT.resolve("docs/settings.md"));

        assertThat(listed(page)).containsExactlyInAnyOrderElementsOf(used());
    }

    @Test
    void settingsAreFoundHoweverTheyAreRead() {
        String source = """
                @ConfigProperty(
                        name = "belay.edge.name", defaultValue = "x") String name
                config.getOptionalValues("belay.edge.origins", String.class)
                quarkus.datasource.username=${belay.postgres.user:belay}
                belay.watcher.block-age=PT60S
                @ConfigMapping(prefix = "belay.scheduler")
                interface SchedulerConfig {
                    @WithDefault("PT30S")
                    Duration verdictAge();
                }
                registry.counter("belay.edge.events.accepted")
                """;

        assertThat(usedIn(source))
                .containsExactly(
                        "belay.edge.name",
                        "belay.edge.origins",
                        "belay.postgres.user",
                        "belay.scheduler.verdict-age",
                        "belay.watcher.block-age");
    }

    private static Set<String> listed(String page) {
        Set<String> all = new TreeSet<>();
        page.lines().filter(line -> line.startsWith("|")).forEach(line -> {
            String first = line.split("\\|", -1)[1];
            LISTED.matcher(first).results().forEach(match -> all.add(match.group(1)));
        });
        return all;
    }

    private static Set<String> used() throws IOException {
        Set<String> all = new TreeSet<>();
        for (Modules module : Modules.values()) {
            Path sources = ROOT.resolve(module.folder()).resolve("src/main");
            if (Files.exists(sources)) {
                try (Stream<Path> files = Files.walk(sources)) {
                    for (Path file : files.filter(SettingsTest::mayReadSettings).toList()) {
                        all.addAll(usedIn(Files.readString(file)));
                    }
                }
            }
        }
        return all;
    }

    private static boolean mayReadSettings(Path file) {
        String name = file.toString();
        return name.endsWith(".java") || name.endsWith("microprofile-config.properties");
    }

    private static Set<String> usedIn(String source) {
        Set<String> all = new TreeSet<>();
        Matcher used = USED.matcher(source);
        while (used.find()) {
            all.add(firstOf(used));
        }
        Matcher mapping = MAPPING.matcher(source);
        while (mapping.find()) {
            MAPPED.matcher(mapping.group(2))
                    .results()
                    .forEach(match -> all.add(mapping.group(1) + "." + kebab(match.group(1))));
        }
        return all;
    }

    private static String firstOf(Matcher match) {
        for (int group = 1; group <= match.groupCount(); group++) {
            String found = match.group(group);
            if (found != null) {
                return found;
            }
        }
        throw new IllegalStateException("an alternative without a group");
    }

    private static String kebab(String method) {
        return method.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }
}
