// SPDX-License-Identifier: Apache-2.0
package dev.belay.cli;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.belay.contracts.FlagRef;
import dev.belay.manifest.ManifestForm;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** One thing with what belongs to it. */
@Command(
        name = "describe",
        mixinStandardHelpOptions = true,
        description =
                "Describes one thing with what belongs to it: of a flag also its rollout, why that is where it is,"
                        + " what it rests on, and what was taken back.")
final class DescribeCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    final ServerOptions server;

    @Mixin
    final OutputOptions output = new OutputOptions();

    @Parameters(index = "0", paramLabel = "KIND", description = "flag, rollout, segment, metric, template or channel")
    String kind = "";

    @Parameters(index = "1", paramLabel = "NAME", description = "name, or the path project/environment/name")
    String name = "";

    DescribeCommand(Terminal terminal) {
        this.terminal = terminal;
        this.server = new ServerOptions(terminal);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Listing listing = Listing.of(kind);
        Server connected = server.connect();
        switch (listing.place()) {
            case IN_ENVIRONMENT -> {
                if (listing == Listing.EVIDENCE) {
                    throw new IllegalArgumentException(
                            "KIND must be one of flag, rollout, segment, metric, template," + " channel, was " + kind);
                }
                flag(connected, server.flag(name));
            }
            case IN_PROJECT -> {
                JsonNode one = connected
                        .get("/" + listing.path() + "/" + Paths.inProject(name, server))
                        .body();
                output.print(terminal, one, () -> ManifestForm.yaml(one));
            }
            case ABOUT_FLAGS, ANYWHERE ->
                throw new IllegalArgumentException(
                        "KIND must be one of flag, rollout, segment, metric, template, channel, was " + kind);
        }
        return 0;
    }

    private void flag(Server connected, FlagRef ref) throws IOException, InterruptedException {
        ObjectNode all = JsonNodeFactory.instance.objectNode();
        JsonNode flag = connected.get("/flags/" + Paths.of(ref)).body();
        all.set("flag", flag);
        Optional<RolloutView> view = connected.find(Paths.rollouts(ref)).isPresent()
                ? Optional.of(RolloutView.of(connected, ref, 0))
                : Optional.empty();
        view.ifPresent(each -> all.setAll(each.json()));
        List<JsonNode> rollbacks = connected.list(
                "/rollbacks?project=" + Paths.encoded(ref.project()) + "&environment="
                        + Paths.encoded(ref.environment()) + "&flag=" + Paths.encoded(ref.flag()),
                1);
        all.withArray("rollbacks").addAll(rollbacks);
        output.print(terminal, all, () -> page(flag, view, rollbacks));
    }

    private static String page(JsonNode flag, Optional<RolloutView> view, List<JsonNode> rollbacks) {
        StringBuilder page = new StringBuilder(ManifestForm.yaml(flag)).append('\n');
        page.append(view.map(RolloutView::page).orElse("There was no rollout of it.\n"));
        if (!rollbacks.isEmpty()) {
            page.append('\n')
                    .append(Lines.table(
                            Listing.ROLLBACKS.titles(),
                            rollbacks.stream().map(Listing.ROLLBACKS::row).toList()));
        }
        return page.toString();
    }
}
