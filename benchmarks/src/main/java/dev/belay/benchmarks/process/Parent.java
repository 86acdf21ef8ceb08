// SPDX-License-Identifier: Apache-2.0
package dev.belay.benchmarks.process;

import java.util.concurrent.CompletableFuture;

/** Of a process that a run has started: it lives for as long as the run does. */
public final class Parent {
    private static final int WITHOUT_PARENT = 3;

    private Parent() {}

    /** Ends this process when the one that started it is gone. */
    public static void follow() {
        var unused = gone().thenRun(() -> Runtime.getRuntime().halt(WITHOUT_PARENT));
    }

    /** Waits until the process that started this one is gone. */
    public static void await() {
        gone().join();
    }

    private static CompletableFuture<ProcessHandle> gone() {
        return ProcessHandle.current()
                .parent()
                .map(ProcessHandle::onExit)
                .orElseGet(() -> CompletableFuture.completedFuture(ProcessHandle.current()));
    }
}
