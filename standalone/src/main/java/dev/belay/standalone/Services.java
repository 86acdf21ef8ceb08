// SPDX-License-Identifier: Apache-2.0
package dev.belay.standalone;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

import io.quarkus.runtime.QuarkusApplication;
import org.jspecify.annotations.Nullable;

/** Runs the story when every service has started. */
public class Services implements QuarkusApplication {
    /** Handed over before Quarkus starts: it makes this class itself. */
    static final AtomicReference<@Nullable Handover> HANDOVER = new AtomicReference<>();

    /** What a shell says of a process that was stopped by Ctrl-C. */
    static final int INTERRUPTED = 130;

    private static final AtomicReference<@Nullable Thread> TELLING = new AtomicReference<>();

    /**
     * What runs on what.
     *
     * @param installation broker, database, keys
     * @param story what happens
     */
    record Handover(Installation installation, Story story) {}

    @Override
    public int run(String... args) throws Exception {
        Handover handover = HANDOVER.get();
        if (handover == null) {
            throw new IllegalStateException("there is no story");
        }
        TELLING.set(Thread.currentThread());
        try {
            return handover.story().run(handover.installation());
        } catch (InterruptedException e) {
            return INTERRUPTED;
        } finally {
            TELLING.set(null);
            // The story may have ended for an interruption; putting things away must not.
            boolean unused = Thread.interrupted();
        }
    }

    /** Lets {@link #interruptStory} interrupt the calling thread, whose story needs no services in this JVM. */
    static CountDownLatch untilStopped() {
        TELLING.set(Thread.currentThread());
        return new CountDownLatch(1);
    }

    /** Ends a story that runs. */
    static void interruptStory() {
        Thread telling = TELLING.get();
        if (telling != null) {
            telling.interrupt();
        }
    }
}
