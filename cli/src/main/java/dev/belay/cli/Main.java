// SPDX-License-Identifier: Apache-2.0
package dev.belay.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code belay} command, as far as it is no server. */
public final class Main {
    private Main() {}

    public static void main(String... args) {
        Locale.setDefault(Locale.ROOT);
        // A library that would log finds nobody to log to, and need not tell people.
        System.setProperty("slf4j.internal.verbosity", "ERROR");
        Terminal terminal = new Terminal(
                System.in, utf8(FileDescriptor.out), utf8(FileDescriptor.err), System.getenv(), Path.of(""));
        System.exit(run(terminal, args));
    }

    /** Returns 0 for done, 1 for refused, 2 for called wrongly, 3 for rolled back or failed. */
    static int run(Terminal terminal, String... args) {
        return commands(terminal)
                .setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8))
                .setExecutionExceptionHandler((problem, command, parsed) -> Failures.print(problem, terminal.err()))
                .execute(args);
    }

    /** Returns all commands; the words that the launcher answers itself are among them for their help. */
    static CommandLine commands(Terminal terminal) {
        CommandLine rollout = new CommandLine(new Group())
                .addSubcommand("start", new StartCommand(terminal))
                .addSubcommand("watch", new WatchCommand(terminal))
                .addSubcommand("why", new WhyCommand(terminal))
                .addSubcommand("wait", new WaitCommand(terminal))
                .addSubcommand("report", new ReportCommand(terminal))
                .addSubcommand("timeline", new TimelineCommand(terminal))
                .addSubcommand("jump", new JumpCommand(terminal))
                .addSubcommand("restart", new RestartCommand(terminal))
                .addSubcommand("blocks", new BlocksCommand(terminal));
        for (Transition transition : Transition.values()) {
            rollout.addSubcommand(transition.verb(), TransitionCommand.of(terminal, transition));
        }
        rollout.addSubcommand("rollback", new RollbackCommand(terminal));
        rollout.getCommandSpec().name("rollout").usageMessage().description("Starts and steers rollouts.");
        CommandLine flags = new CommandLine(new Group()).addSubcommand("evaluate", new EvaluateCommand(terminal));
        flags.getCommandSpec().name("flags").usageMessage().description("Asks what flags serve.");
        return new CommandLine(new Belay())
                .addSubcommand("login", new LoginCommand(terminal))
                .addSubcommand("apply", new ApplyCommand(terminal))
                .addSubcommand("diff", new DiffCommand(terminal))
                .addSubcommand("get", new GetCommand(terminal))
                .addSubcommand("describe", new DescribeCommand(terminal))
                .addSubcommand("export", new ExportCommand(terminal))
                .addSubcommand("lint", new LintCommand(terminal))
                .addSubcommand("rollout", rollout)
                .addSubcommand("kill", new KillCommand(terminal))
                .addSubcommand("restore", new RestoreCommand(terminal))
                .addSubcommand("plan", new PlanCommand(terminal))
                .addSubcommand("backtest", new BacktestCommand(terminal))
                .addSubcommand("judge", new JudgeCommand(terminal))
                .addSubcommand("flags", flags)
                .addSubcommand("drill", new DrillCommand(terminal))
                .addSubcommand("keys", new KeysCommand(terminal))
                .addSubcommand("completion", new CompletionCommand(terminal))
                .addSubcommand("up", LaunchedCommand.of("up", "Runs the services here, or in processes of their own."))
                .addSubcommand("demo", LaunchedCommand.of("demo", "Plays a rollout that harms, or does not."))
                .addSubcommand(
                        "replay", LaunchedCommand.of("replay", "Sends a recorded experiment through the services."));
    }

    private static PrintStream utf8(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }

    /** The parent of all commands. */
    @Command(
            name = "belay",
            mixinStandardHelpOptions = true,
            version = "belay 0.1.0",
            description = "Raises feature flags in stages and takes them back when they hurt.",
            footer = {"", "up, demo and replay run the services themselves: belay up --help"})
    static final class Belay extends Group {}

    /** A command that only has others. */
    @Command(mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND")
    static class Group implements Runnable {
        @CommandLine.Spec
        CommandLine.Model.@Nullable CommandSpec spec;

        @Override
        public void run() {
            if (spec != null) {
                spec.commandLine().usage(spec.commandLine().getOut());
            }
        }
    }
}
