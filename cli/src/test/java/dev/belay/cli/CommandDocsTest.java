// SPDX-License-Identifier: Apache-2.0
package dev.belay.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import picocli.CommandLine;

import static org.assertj.core.api.Assertions.assertThat;

/** The page about the command line names every command and nothing else. */
class CommandDocsTest {
    private static final Path PAGE = Path.of("../docs/cli.md");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `belay ([^`]+)` \\|");
    private static final Pattern OPTION = Pattern.compile("--[a-z][a-z-]*");

    private static Map<String, CommandLine> commands() {
        Terminal terminal =
                new Terminal(new ByteArrayInputStream(new byte[0]), System.out, System.err, Map.of(), Path.of(""));
        Map<String, CommandLine> all = new TreeMap<>();
        Main.commands(terminal).getSubcommands().forEach((name, command) -> add(name, command, all));
        return all;
    }

    private static void add(String name, CommandLine command, Map<String, CommandLine> all) {
        if (command.getSubcommands().isEmpty()) {
            all.put(name, command);
        } else {
            command.getSubcommands().forEach((sub, its) -> add(name + " " + sub, its, all));
        }
    }

    private static Map<String, String> rows() throws IOException {
        return ROW.matcher(Files.readString(PAGE))
                .results()
                .map(row -> row.group(1))
                .collect(Collectors.toMap(CommandDocsTest::words, row -> row, (one, other) -> one, TreeMap::new));
    }

    /** The words before the first option or parameter. */
    private static String words(String row) {
        return row.replaceFirst(" ?[-A-Z\\[(<].*$", "").strip();
    }

    @Test
    void everyCommandHasItsRow() throws IOException {
        assertThat(rows().keySet()).isEqualTo(commands().keySet());
    }

    @Test
    void everyOptionOfARowIsThere() throws IOException {
        Map<String, CommandLine> commands = commands();
        Set<String> wrong = new TreeSet<>();
        rows().forEach((name, row) -> OPTION.matcher(row).results().forEach(option -> {
            CommandLine command = commands.get(name);
            boolean isLaunched = Set.of("up", "demo", "replay").contains(name);
            if (!isLaunched && !command.getCommandSpec().optionsMap().containsKey(option.group())) {
                wrong.add(name + " " + option.group());
            }
        }));
        assertThat(wrong).isEmpty();
    }

    @Test
    void everyCommandSaysWhatItDoes() {
        commands().forEach((name, command) -> assertThat(
                        command.getCommandSpec().usageMessage().description())
                .as(name)
                .isNotEmpty());
    }
}
