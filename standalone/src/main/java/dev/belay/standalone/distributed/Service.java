// SPDX-License-Identifier: Apache-2.0
package dev.belay.standalone.distributed;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The services that run apart, in the order in which they are started, and the paths each answers, the page included. */
public enum Service {
    FLAG_CONFIG_SERVICE(
            "/api/v1/projects",
            "/api/v1/environments",
            "/api/v1/flags",
            "/api/v1/changes",
            "/api/v1/segments",
            "/api/v1/metrics",
            "/api/v1/templates",
            "/api/v1/keys",
            "/api/v1/users",
            "/api/v1/audit",
            "/api/v1/me",
            "/",
            "/static",
            "/belay.svg"),
    ROLLOUT_SCHEDULER("/api/v1/rollouts"),
    ROLLBACK_CONTROLLER("/api/v1/rollbacks", "/api/v1/kills", "/api/v1/incidents"),
    METRICS_WATCHER("/api/v1/evidence"),
    /** Answers all other paths too: flags are evaluated and events taken under the paths of many vendors. */
    FLAG_EDGE("/ofrep", "/api/v1/events", "/api/v1/stream"),
    NOTIFIER("/api/v1/channels", "/api/v1/deliveries");

    private final List<String> prefixes;

    Service(String... prefixes) {
        this.prefixes = List.of(prefixes);
    }

    /** Returns who answers a path. */
    public static Service of(String path) {
        return Arrays.stream(values())
                .filter(service -> service.answers(path))
                .findFirst()
                .orElse(FLAG_EDGE);
    }

    /** Returns the name of the module. */
    public String module() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Returns the packaged application of a source tree. */
    public Path jar(Path root) {
        return root.resolve(module()).resolve("target").resolve("quarkus-app").resolve("quarkus-run.jar");
    }

    /** Whether one replica is as good as another for two requests of one caller: it keeps nothing a caller has written. */
    boolean takesTurns() {
        return this == FLAG_EDGE;
    }

    /** Returns what one replica must not share with another on the same machine. */
    Map<String, String> ownSettings(String replica, Path data) {
        return switch (this) {
            case FLAG_EDGE ->
                Map.of(
                        "belay.edge.name",
                        replica,
                        "belay.edge.last-known-good",
                        data.resolve("last-known-good").toString());
            case METRICS_WATCHER ->
                Map.of("belay.watcher.state-dir", data.resolve("state").toString());
            case FLAG_CONFIG_SERVICE, ROLLOUT_SCHEDULER, ROLLBACK_CONTROLLER, NOTIFIER -> Map.of();
        };
    }

    private boolean answers(String path) {
        return prefixes.stream().anyMatch(prefix -> path.equals(prefix) || path.startsWith(prefix + "/"));
    }
}
