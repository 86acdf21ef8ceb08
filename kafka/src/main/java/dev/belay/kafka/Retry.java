// SPDX-License-Identifier: Apache-2.0
package dev.belay.kafka;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

/** Attempts one thing until it succeeds or its owner is closed; says each different failure once. Not thread-safe. */
final class Retry {
    private static final System.Logger LOG = System.getLogger(Retry.class.getName());

    private final String what;
    private final CountDownLatch closed;
    private final BackOff backOff = new BackOff();
    private @Nullable String said;

    /**
     * @param what what is attempted, for people, for instance {@code reading belay.keys.v1}
     * @param closed at zero once the owner is closed
     */
    Retry(String what, CountDownLatch closed) {
        this.what = what;
        this.closed = closed;
    }

    /** Attempts until it succeeds once, and returns whether it did before the owner was closed. */
    boolean once(Runnable attempt) {
        while (!isClosed()) {
            if (succeeds(attempt)) {
                return true;
            }
            pause(backOff.next());
        }
        return false;
    }

    /** Attempts again and again, also after a success, until the owner is closed. */
    void always(Runnable attempt) {
        while (!isClosed()) {
            if (succeeds(attempt)) {
                backOff.reset();
            } else {
                pause(backOff.next());
            }
        }
    }

    /** Says a failure, unless it was the last one said. */
    void say(RuntimeException failure) {
        String message = String.valueOf(failure.getMessage());
        if (isClosed() || message.equals(said)) {
            return;
        }
        boolean isExpected = failure instanceof KafkaException || failure instanceof IllegalStateException;
        LOG.log(System.Logger.Level.WARNING, what + " is tried again: " + message, isExpected ? null : failure);
        said = message;
    }

    /** Waits, or until the owner is closed. */
    void pause(Duration wait) {
        try {
            boolean isOver = closed.await(wait.toMillis(), TimeUnit.MILLISECONDS);
            LOG.log(System.Logger.Level.TRACE, "paused, closed: {0}", isOver);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closed.countDown();
        }
    }

    private boolean isClosed() {
        return closed.getCount() == 0;
    }

    private boolean succeeds(Runnable attempt) {
        try {
            attempt.run();
            return true;
        } catch (WakeupException e) {
            throw e;
        } catch (RuntimeException e) {
            say(e);
            return false;
        }
    }
}
