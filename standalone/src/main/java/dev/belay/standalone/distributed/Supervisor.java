// SPDX-License-Identifier: Apache-2.0
package dev.belay.standalone.distributed;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Starts again what has ended: after a second, then after twice as long each time, half a minute at most. */
public final class Supervisor implements AutoCloseable {
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(30);
    /** Who ran for that long starts with the shortest wait again. */
    private static final Duration STABLE = Duration.ofMinutes(1);

    private static final long GLANCE_MILLIS = 200;

    private final Fleet fleet;
    private final Consumer<String> report;
    private final Map<Replica, Watch> watches = new HashMap<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "supervisor");

    private static final class Watch {
        private long startedNanos = System.nanoTime();
        private long dueNanos;
        private boolean isDown;
        private Duration wait = FIRST;
    }

    /** @param report takes one sentence for each end */
    public Supervisor(Fleet fleet, Consumer<String> report) {
        this.fleet = fleet;
        this.report = report;
        thread.setDaemon(true);
    }

    /** Begins to watch. */
    public void start() {
        thread.start();
    }

    private void run() {
        try {
            while (!closed.await(GLANCE_MILLIS, TimeUnit.MILLISECONDS)) {
                for (Replica replica : fleet.replicas()) {
                    look(replica, watches.computeIfAbsent(replica, any -> new Watch()));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look(Replica replica, Watch watch) {
        if (replica.isAlive()) {
            return;
        }
        long now = System.nanoTime();
        if (!watch.isDown) {
            boolean wasStable = now - watch.startedNanos > STABLE.toNanos();
            watch.wait = wasStable ? FIRST : watch.wait;
            watch.isDown = true;
            watch.dueNanos = now + watch.wait.toNanos();
            report.accept(
                    replica.name() + " ended with code " + replica.process().exitValue() + " and is started again in "
                            + watch.wait.toSeconds() + " s; it says in " + replica.log());
        } else if (now >= watch.dueNanos) {
            startAgain(replica, watch, now);
        }
    }

    private void startAgain(Replica replica, Watch watch, long now) {
        Duration twice = watch.wait.multipliedBy(2);
        watch.wait = twice.compareTo(LONGEST) > 0 ? LONGEST : twice;
        try {
            replica.start();
            watch.isDown = false;
            watch.startedNanos = now;
        } catch (IOException e) {
            watch.dueNanos = now + watch.wait.toNanos();
            report.accept(replica.name() + " cannot be started: " + e.getMessage());
        }
    }

    /** Watches no longer: what ends from now on stays ended. */
    @Override
    public void close() {
        closed.countDown();
        try {
            thread.join(FIRST.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
