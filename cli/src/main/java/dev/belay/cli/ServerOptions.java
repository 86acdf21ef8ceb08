// SPDX-License-Identifier: Apache-2.0
package dev.belay.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

import dev.belay.contracts.FlagRef;
import dev.belay.contracts.Require;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which server, with which key, about which project. */
final class ServerOptions {
    private static final String DATA = ".belay";

    private final Terminal terminal;

    @Option(
            names = "--server",
            paramLabel = "URL",
            description =
                    "address (default: $BELAY_URL, else that of `belay up` in this folder, else of `belay login`)")
    @Nullable
    String url;

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description = "key (default: $BELAY_KEY, else the admin key of `belay up` in this folder, else of"
                    + " `belay login`)")
    @Nullable
    String key;

    @Option(names = "--data", paramLabel = "DIR", description = "folder of `belay up` (default: ./.belay)")
    @Nullable
    Path data;

    @Option(
            names = {"-p", "--project"},
            paramLabel = "NAME",
            description = "project (default: $BELAY_PROJECT)")
    @Nullable
    String project;

    @Option(
            names = {"-e", "--environment"},
            paramLabel = "NAME",
            description = "environment (default: $BELAY_ENVIRONMENT)")
    @Nullable
    String environment;

    ServerOptions(Terminal terminal) {
        this.terminal = terminal;
    }

    /** @throws IOException if no server or no key is known */
    Server connect() throws IOException {
        return connect(project().orElse(null), environment().orElse(null));
    }

    /** Connects where the flag is, whatever project and environment are at hand. */
    Server connectAbout(FlagRef flag) throws IOException {
        return connect(flag.project(), flag.environment());
    }

    private Server connect(@Nullable String inProject, @Nullable String inEnvironment) throws IOException {
        Optional<KeyFile> file = keyFile();
        Optional<LoginFile.Login> login = login();
        String at = givenUrl()
                .or(() -> file.map(KeyFile::url))
                .or(() -> login.map(LoginFile.Login::url))
                .orElseThrow(() -> unknown("--server URL"));
        // A key is shown to the server it was given for, and to no other.
        String with = givenKey()
                .or(() -> file.filter(each -> givenUrl().isEmpty() || each.url().equals(at))
                        .map(KeyFile::admin))
                .or(() -> login.filter(each -> each.url().equals(at)).map(LoginFile.Login::key))
                .orElseThrow(() -> unknown("--key KEY"));
        return new Server(at, with, inProject, inEnvironment);
    }

    Optional<String> givenUrl() {
        return first(url, "BELAY_URL");
    }

    Optional<String> givenKey() {
        return first(key, "BELAY_KEY");
    }

    private Optional<LoginFile.Login> login() throws IOException {
        Optional<LoginFile> file = LoginFile.of(terminal.environment());
        return file.isPresent() ? file.get().read() : Optional.empty();
    }

    /** Returns what was remembered at the last login; one that cannot be read names nothing. */
    private Optional<String> remembered(Function<LoginFile.Login, @Nullable String> part) {
        try {
            return login().flatMap(each -> Optional.ofNullable(part.apply(each)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    Optional<KeyFile> keyFile() throws IOException {
        return KeyFile.in(folder());
    }

    Path folder() {
        return terminal.folder().resolve(data == null ? Path.of(DATA) : data);
    }

    Optional<String> project() {
        return first(project, "BELAY_PROJECT").or(() -> remembered(LoginFile.Login::project));
    }

    Optional<String> environment() {
        return first(environment, "BELAY_ENVIRONMENT").or(() -> remembered(LoginFile.Login::environment));
    }

    /** @throws IllegalArgumentException if neither the option nor the variable names one */
    String requireProject() {
        return project()
                .map(name -> Require.name(name, "--project"))
                .orElseThrow(() -> new IllegalArgumentException("needs --project NAME"));
    }

    /** @throws IllegalArgumentException if neither the option nor the variable names one */
    String requireEnvironment() {
        return environment()
                .map(name -> Require.name(name, "--environment"))
                .orElseThrow(() -> new IllegalArgumentException("needs --environment NAME"));
    }

    /**
     * Returns the flag a person named.
     *
     * @param text a flag's key, or {@code project/environment/flag}
     * @throws IllegalArgumentException if project or environment are not known
     */
    FlagRef flag(String text) {
        return text.contains("/") ? FlagRef.parse(text) : new FlagRef(requireProject(), requireEnvironment(), text);
    }

    private Optional<String> first(@Nullable String option, String variable) {
        return Optional.ofNullable(option)
                .or(() -> Optional.ofNullable(terminal.environment().get(variable)))
                .filter(text -> !text.isBlank());
    }

    private IOException unknown(String option) {
        return new IOException("needs " + option + ": there are no keys in " + folder() + ", is `belay up` running in"
                + " another folder? `belay login` remembers a server.");
    }
}
