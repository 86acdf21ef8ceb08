// SPDX-License-Identifier: Apache-2.0
package dev.belay.http;

import java.util.Optional;

import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Ends this process when the one that started it is gone, however that ended: where {@code belay.parent.pid} names one, as
 * {@code belay up --distributed} does for its children.
 */
@ApplicationScoped
class ParentWatch {
    private static final int WITHOUT_PARENT = 3;

    private final Optional<Long> parent;

    ParentWatch(@ConfigProperty(name = "belay.parent.pid") Optional<Long> parent) {
        this.parent = parent;
    }

    void start(@Observes @Priority(1) StartupEvent event) {
        parent.ifPresent(pid -> ProcessHandle.of(pid).ifPresentOrElse(ParentWatch::follow, ParentWatch::end));
    }

    private static void follow(ProcessHandle parent) {
        var unused = parent.onExit().thenRun(ParentWatch::end);
    }

    /** Nobody waits for an orderly end, and an orderly end may wait for what ended with the parent. */
    private static void end() {
        Runtime.getRuntime().halt(WITHOUT_PARENT);
    }
}
