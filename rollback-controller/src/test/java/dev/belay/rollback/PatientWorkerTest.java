// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollback;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PatientWorkerTest {
    @Test
    void repeatsUntilItSucceeds() throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        try (PatientWorker worker = new PatientWorker("test")) {
            worker.untilDone(() -> failBefore(attempts, 3))
                    .toCompletableFuture()
                    .get(30, TimeUnit.SECONDS);
        }

        assertThat(attempts).hasValue(3);
    }

    @Test
    void leavesUndoneWhatItCouldNotDoBeforeItWasClosed() throws Exception {
        CountDownLatch tried = new CountDownLatch(1);
        CompletableFuture<Void> done;
        try (PatientWorker worker = new PatientWorker("test")) {
            done = worker.untilDone(() -> {
                        tried.countDown();
                        throw new IllegalStateException("the broker is away");
                    })
                    .toCompletableFuture();
            assertThat(tried.await(30, TimeUnit.SECONDS)).isTrue();
        }

        assertThat(done).isNotDone();
    }

    private static void failBefore(AtomicInteger attempts, int success) {
        if (attempts.incrementAndGet() < success) {
            throw new IllegalStateException("the broker is away");
        }
    }
}
