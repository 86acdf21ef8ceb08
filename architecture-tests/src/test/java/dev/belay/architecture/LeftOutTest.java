// SPDX-License-Identifier: Apache-2.0
package dev.belay.architecture;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What `mvn verify` does not run it names at its end: exactly the tests that carry a tag. */
class LeftOutTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final Pattern TAGGED = Pattern.compile("@Tag\\(\"([a-z]+)\"\\)[^{;]*?(?:class|void) (\\w+)");
    private static final Pattern SAID = Pattern.compile("LEFT TO (CI|-Pfaults)[^:]*:([^.]*(?:\\.\\w[^.]*)*)\\.");

    @Test
    void everyTaggedTestIsSaidToBeLeftOut() throws IOException {
        String pom = Files.readString(ROOT.resolve("system-tests/pom.xml"));

        assertThat(said(pom)).isEqualTo(tagged());
    }

    @Test
    void tagsOfClassesAndOfMethodsAreFound() {
        String method = """
                class KillsST {
                    @Tag("thorough")
                    @ParameterizedTest
                    @MethodSource("others")
                    void alsoWhenAnyOtherPartBreaks(Fault fault) {
                """;

        assertThat(taggedIn("KillsST", method))
                .containsOnly(Map.entry("thorough", Set.of("KillsST.alsoWhenAnyOtherPartBreaks")));
        assertThat(taggedIn("RacesST", "@Tag(\"faults\")\nclass RacesST {"))
                .containsOnly(Map.entry("faults", Set.of("RacesST")));
    }

    @Test
    void listsAreReadToTheirEnds() {
        assertThat(said("LEFT TO CI, here with -Dx=faults:\nA.b, C.\nLEFT TO -Pfaults: D, E.<"))
                .containsOnly(Map.entry("thorough", Set.of("A.b", "C")), Map.entry("faults", Set.of("D", "E")));
    }

    private static Map<String, Set<String>> said(String pom) {
        return SAID.matcher(pom)
                .results()
                .collect(Collectors.toMap(list -> list.group(1).equals("CI") ? "thorough" : "faults", list -> Stream.of(
                                list.group(2).split(","))
                        .map(String::strip)
                        .collect(Collectors.toCollection(TreeSet::new))));
    }

    private static Map<String, Set<String>> tagged() throws IOException {
        Map<String, Set<String>> all = new TreeMap<>();
        for (Path file : testSources()) {
            String name = file.getFileName().toString().replace(".java", "");
            taggedIn(name, Files.readString(file))
                    .forEach((tag, names) ->
                            all.computeIfAbsent(tag, key -> new TreeSet<>()).addAll(names));
        }
        return all;
    }

    private static List<Path> testSources() throws IOException {
        List<Path> all = new ArrayList<>();
        try (DirectoryStream<Path> modules = Files.newDirectoryStream(ROOT)) {
            for (Path module : modules) {
                Path sources = module.resolve("src/test/java");
                if (Files.exists(sources) && !module.equals(Path.of("").toAbsolutePath())) {
                    try (Stream<Path> files = Files.walk(sources)) {
                        files.filter(path -> path.toString().endsWith(".java")).forEach(all::add);
                    }
                }
            }
        }
        return all;
    }

    private static Map<String, Set<String>> taggedIn(String name, String source) {
        Map<String, Set<String>> found = new TreeMap<>();
        Matcher tagged = TAGGED.matcher(source);
        while (tagged.find()) {
            String what = tagged.group(2);
            found.computeIfAbsent(tagged.group(1), key -> new TreeSet<>())
                    .add(what.equals(name) ? name : name + "." + what);
        }
        return found;
    }
}
