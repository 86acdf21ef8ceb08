// SPDX-License-Identifier: Apache-2.0
package dev.belay.architecture;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Every module, its package, and the modules it may use. Whoever adds an edge says so here. */
enum Modules {
    CONTRACTS("contracts"),
    EVALUATION("evaluation", CONTRACTS),
    STATISTICS("statistics"),
    JUDGING("judging", CONTRACTS, STATISTICS),
    MANIFEST("manifest", CONTRACTS),
    EMBEDDED("embedded"),
    KAFKA("kafka", CONTRACTS),
    HTTP("http", CONTRACTS, KAFKA),
    OUTBOX("outbox", CONTRACTS, KAFKA),
    CONSOLE("console"),
    FLAG_CONFIG_SERVICE("flagconfig", CONTRACTS, EVALUATION, MANIFEST, KAFKA, HTTP, OUTBOX, CONSOLE),
    ROLLOUT_SCHEDULER("rollouts", CONTRACTS, STATISTICS, JUDGING, MANIFEST, KAFKA, HTTP, OUTBOX),
    FLAG_EDGE("edge", CONTRACTS, EVALUATION, KAFKA, HTTP),
    METRICS_WATCHER("watcher", CONTRACTS, STATISTICS, JUDGING, KAFKA, HTTP),
    ROLLBACK_CONTROLLER("rollback", CONTRACTS, KAFKA, HTTP),
    NOTIFIER("notifier", CONTRACTS, MANIFEST, KAFKA, HTTP, OUTBOX),
    CLI("cli", CONTRACTS, MANIFEST, JUDGING, STATISTICS),
    STANDALONE(
            "standalone",
            CONTRACTS,
            EVALUATION,
            STATISTICS,
            JUDGING,
            MANIFEST,
            EMBEDDED,
            KAFKA,
            HTTP,
            OUTBOX,
            FLAG_CONFIG_SERVICE,
            ROLLOUT_SCHEDULER,
            FLAG_EDGE,
            METRICS_WATCHER,
            ROLLBACK_CONTROLLER,
            NOTIFIER);

    static final String ROOT = "dev.belay.";
    static final List<Modules> SERVICES =
            List.of(FLAG_CONFIG_SERVICE, ROLLOUT_SCHEDULER, FLAG_EDGE, METRICS_WATCHER, ROLLBACK_CONTROLLER, NOTIFIER);

    private final String packageName;
    private final Set<Modules> mayUse;

    Modules(String packageName, Modules... mayUse) {
        this.packageName = packageName;
        this.mayUse = Set.of(mayUse);
    }

    /** Returns the module a package belongs to, if it belongs to one. */
    static Optional<Modules> of(String packageName) {
        return Arrays.stream(values())
                .filter(module -> (packageName + ".").startsWith(ROOT + module.packageName + "."))
                .findFirst();
    }

    boolean mayUse(Modules other) {
        return this == other || mayUse.contains(other);
    }

    Set<Modules> uses() {
        return new TreeSet<>(mayUse);
    }

    /** Returns the name of the folder. */
    String folder() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Returns a pattern of the module's packages. */
    String packages() {
        return ROOT + packageName + "..";
    }

    static String[] packagesOf(Modules... modules) {
        return Stream.of(modules).map(Modules::packages).toArray(String[]::new);
    }
}
