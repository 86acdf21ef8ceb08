// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import dev.belay.contracts.flags.FlagDefinition;
import dev.belay.contracts.keys.ApiKey;
import dev.belay.contracts.keys.Scope;
import dev.belay.contracts.rollbacks.RollbackTarget;
import dev.belay.edge.serving.LastKnownGood;
import dev.belay.evaluation.ServedFlag;
import dev.belay.http.KeyText;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;

/** No broker, and the files of an earlier run of the edge. */
public final class AwayResource implements QuarkusTestResourceLifecycleManager {
    @Override
    public Map<String, String> start() {
        KeyText server = KeyText.generate();
        KeyText revoked = KeyText.generate();
        KeyText limited = KeyText.generate();
        try {
            Path folder = Files.createTempDirectory("belay-edge");
            LastKnownGood files = new LastKnownGood(folder);
            files.writeFlags(List.of(
                    raised("checkout"),
                    raised("stopped").onRollback(EdgeFacts.rollback("stopped", 1, RollbackTarget.ALL))));
            ApiKey gone = EdgeFacts.revoked(EdgeFacts.key(revoked, 1, Scope.SERVER, null, null));
            files.writeKeys(List.of(
                    EdgeFacts.key(server, 1, Scope.SERVER, null, null),
                    EdgeFacts.key(limited, 1, Scope.EVENTS, "shop", "production"),
                    gone));
            return Map.of(
                    "kafka.bootstrap.servers", "127.0.0.1:" + unusedPort(),
                    "belay.edge.last-known-good", folder.toString(),
                    "test.key.server", server.text(),
                    "test.key.limited", limited.text(),
                    "test.key.revoked", revoked.text());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void stop() {
        // Nothing was started.
    }

    private static ServedFlag raised(String flag) {
        FlagDefinition definition = EdgeFacts.definition(flag, 1);
        return ServedFlag.of(definition.ref()).onDefinition(definition).onRollout(EdgeFacts.rollout(flag, 1, 1, 100));
    }

    private static int unusedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
