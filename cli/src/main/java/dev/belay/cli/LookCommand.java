// SPDX-License-Identifier: Apache-2.0
package dev.belay.cli;

import java.io.IOException;
import java.util.concurrent.Callable;

import dev.belay.contracts.FlagRef;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A command that shows something of one rollout. */
@Command(mixinStandardHelpOptions = true)
abstract class LookCommand implements Callable<Integer> {
    final Terminal terminal;

    @Mixin
    final ServerOptions server;

    @Mixin
    final OutputOptions output = new OutputOptions();

    @Parameters(index = "0", paramLabel = "FLAG", description = "key of the flag, or project/environment/flag[#epoch]")
    String flag = "";

    @Option(names = "--epoch", paramLabel = "N", description = "epoch (default: the latest)")
    @Nullable
    Integer epoch;

    LookCommand(Terminal terminal) {
        this.terminal = terminal;
        this.server = new ServerOptions(terminal);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        int hash = flag.indexOf('#');
        FlagRef ref = server.flag(hash < 0 ? flag : flag.substring(0, hash));
        Integer named = hash < 0 ? epoch : number(flag.substring(hash + 1));
        Server connected = server.connect();
        int asked = named == null
                ? connected.get(Paths.rollouts(ref)).body().path("epoch").asInt()
                : named;
        show(connected, ref, asked);
        return 0;
    }

    private static Integer number(String text) {
        if (!text.matches("[1-9]\\d{0,8}")) {
            throw new IllegalArgumentException("FLAG must end in #EPOCH, a number from 1, was #" + text);
        }
        return Integer.valueOf(text);
    }

    abstract void show(Server connected, FlagRef ref, int asked) throws IOException, InterruptedException;
}
