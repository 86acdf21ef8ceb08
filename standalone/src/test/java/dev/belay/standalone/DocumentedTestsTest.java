// SPDX-License-Identifier: Apache-2.0
package dev.belay.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What the pages at the top say of tests and files is so. */
class DocumentedTestsTest {
    private static final Path TOP = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern TEST = Pattern.compile("\\b[A-Z][a-z]\\w*(?:Test|IT|ST)\\b");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(?:#[^)]*)?\\)");

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "docs/adr/README.md"})
    void everyTestAPageNamesExists(String page) throws IOException {
        Set<String> named = found(TEST, page).map(MatchResult::group).collect(Collectors.toCollection(TreeSet::new));

        assertThat(tests()).containsAll(named);
    }

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "docs/adr/README.md"})
    void everyFileAPageLinksToExists(String page) throws IOException {
        Path folder = TOP.resolve(page).getParent();

        assertThat(found(LINK, page).map(link -> folder.resolve(link.group(1))))
                .allSatisfy(path -> assertThat(path).exists());
    }

    @Test
    void everyInvariantNamesATest() throws IOException {
        Stream<String> invariants = Files.readAllLines(TOP.resolve("ARCHITECTURE.md")).stream()
                .filter(line -> line.matches("\\| \\d+ \\|.*"));

        assertThat(invariants).hasSizeGreaterThanOrEqualTo(11).allSatisfy(line -> assertThat(line)
                .containsPattern(TEST));
    }

    private static Stream<MatchResult> found(Pattern pattern, String page) throws IOException {
        return pattern.matcher(Files.readString(TOP.resolve(page))).results();
    }

    private static Set<String> tests() throws IOException {
        try (Stream<Path> modules = Files.list(TOP)) {
            Set<String> all = new TreeSet<>();
            for (Path sources : modules.map(module -> module.resolve("src/test/java"))
                    .filter(Files::isDirectory)
                    .toList()) {
                try (Stream<Path> files = Files.walk(sources)) {
                    files.map(file -> file.getFileName().toString())
                            .filter(name -> name.endsWith(".java"))
                            .forEach(name -> all.add(name.replace(".java", "")));
                }
            }
            return all;
        }
    }
}
