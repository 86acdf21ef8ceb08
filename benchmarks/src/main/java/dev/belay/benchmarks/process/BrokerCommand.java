// SPDX-License-Identifier: Apache-2.0
package dev.belay.benchmarks.process;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;

import dev.belay.embedded.EmbeddedKafka;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A broker, until its parent ends it or is gone. */
@Command(name = BrokerCommand.NAME, hidden = true)
public final class BrokerCommand implements Callable<Integer> {
    public static final String NAME = "broker";

    @Option(names = "--port", required = true)
    int port;

    @Option(names = "--data", required = true)
    @Nullable
    Path data;

    @Override
    public Integer call() throws IOException {
        Path folder = data == null ? Path.of("broker") : data;
        Parent.follow();
        EmbeddedKafka.start(folder, port);
        Parent.await();
        return 0;
    }
}
