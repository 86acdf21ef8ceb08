// SPDX-License-Identifier: Apache-2.0
package dev.belay.cli;

import java.io.IOException;
import java.time.Duration;

import dev.belay.contracts.FlagRef;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A page about a rollout that changes as it does. */
@Command(
        name = "watch",
        description = "Shows a rollout as it goes on, until it is over: a page in a terminal, else a line per change."
                + " Ends with 0 when it completed, with 3 when not.")
final class WatchCommand extends FollowCommand {
    /** To the first place, and everything after it away. */
    private static final String CLEAR = "\u001b[H\u001b[2J\u001b[3J";

    @Option(names = "--plain", description = "a line per change, also in a terminal")
    boolean plain;

    private String last = "";

    WatchCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    int follow(Server connected, FlagRef ref, Duration pause) throws IOException, InterruptedException {
        RolloutView view = RolloutView.of(connected, ref, 0);
        int epoch = view.state().path("epoch").asInt();
        show(view);
        while (!ExitCodes.isOver(view.state())) {
            Thread.sleep(pause.toMillis());
            try {
                view = RolloutView.of(connected, ref, epoch);
                show(view);
            } catch (RefusedException e) {
                throw e;
            } catch (IOException e) {
                // It goes on by itself when somebody answers again.
                say(String.valueOf(e.getMessage()));
            }
        }
        return ExitCodes.of(view.state());
    }

    private void show(RolloutView view) {
        if (terminal.isWatched() && !plain) {
            terminal.out().print(CLEAR + view.page());
            terminal.out().flush();
        } else {
            String why = view.why().path("sentence").asText("");
            say(Lines.rollout(view.state()) + (why.isEmpty() ? "" : ". " + why));
        }
    }

    private void say(String line) {
        if (!line.equals(last)) {
            terminal.out().println(line);
            last = line;
        }
    }
}
