// SPDX-License-Identifier: Apache-2.0
package dev.belay.cli;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.belay.contracts.FlagRef;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows one thing, or a list. */
@Command(name = "get", mixinStandardHelpOptions = true, description = "Shows one thing as YAML, or a list as a table.")
final class GetCommand implements Callable<Integer> {
    private static final int MOST_PAGES = 1_000;

    private final Terminal terminal;

    @Mixin
    final ServerOptions server;

    @Parameters(
            index = "0",
            paramLabel = "KIND",
            description = "flags, segments, metrics, templates, channels, rollouts, evidence, rollbacks, incidents,"
                    + " deliveries, audit, keys, users, projects or environments")
    String kind = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "NAME",
            description =
                    "name, or the path project/environment/name; for rollbacks, incidents, deliveries and audit the"
                            + " flag they are about")
    @Nullable
    String name;

    @Mixin
    final OutputOptions output = new OutputOptions();

    @Option(names = "--all", description = "all rollbacks, incidents, deliveries or audit events, not the latest 100")
    boolean all;

    GetCommand(Terminal terminal) {
        this.terminal = terminal;
        this.server = new ServerOptions(terminal);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Listing listing = Listing.of(kind);
        Server connected = server.connect();
        if (name != null && listing == Listing.EVIDENCE) {
            print(listing, connected.list("/evidence/" + Paths.of(server.flag(name)), MOST_PAGES));
        } else if (name != null && listing.place() == Listing.Place.IN_ENVIRONMENT) {
            print(connected
                    .get("/" + listing.path() + "/" + Paths.of(server.flag(name)))
                    .body());
        } else if (name != null && listing.place() == Listing.Place.IN_PROJECT) {
            print(connected
                    .get("/" + listing.path() + "/" + Paths.inProject(name, server))
                    .body());
        } else {
            print(listing, connected.list("/" + listing.path() + query(listing), pages(listing)));
        }
        return 0;
    }

    /** What grows for ever comes latest first: a page of it, unless all is asked for. */
    private int pages(Listing listing) {
        return listing.place() == Listing.Place.ABOUT_FLAGS && !all ? 1 : MOST_PAGES;
    }

    private String query(Listing listing) {
        if (name != null && listing.place() == Listing.Place.ANYWHERE) {
            throw new IllegalArgumentException("NAME must be absent for " + listing.path() + ", was " + name);
        }
        Map<String, Optional<String>> parameters = new LinkedHashMap<>();
        if (name != null) {
            FlagRef flag = server.flag(name);
            if (listing == Listing.AUDIT) {
                return Paths.query(Map.of("subject", Optional.of(flag.key())));
            }
            parameters.put("project", Optional.of(flag.project()));
            parameters.put("environment", Optional.of(flag.environment()));
            parameters.put("flag", Optional.of(flag.flag()));
        } else if (listing.place() != Listing.Place.ANYWHERE) {
            parameters.put("project", server.project());
            boolean hasEnvironment = listing.place() != Listing.Place.IN_PROJECT;
            parameters.put("environment", hasEnvironment ? server.environment() : Optional.empty());
        }
        return Paths.query(parameters);
    }

    private void print(JsonNode one) {
        output.print(terminal, one);
    }

    private void print(Listing listing, List<JsonNode> items) {
        ArrayNode all = JsonNodeFactory.instance.arrayNode().addAll(items);
        output.print(
                terminal,
                all,
                () -> items.isEmpty()
                        ? "There are no " + listing.path() + ".\n"
                        : Lines.table(
                                listing.titles(),
                                items.stream().map(listing::row).toList()));
    }
}
