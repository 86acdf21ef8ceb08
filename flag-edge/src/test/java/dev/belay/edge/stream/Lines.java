// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge.stream;

import java.util.Queue;
import java.util.concurrent.Flow;

/** Takes every line as it comes. */
record Lines(Queue<String> lines) implements Flow.Subscriber<String> {
    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(String line) {
        lines.add(line);
    }

    @Override
    public void onError(Throwable failure) {
        // The test hung up.
    }

    @Override
    public void onComplete() {
        // The edge hung up; a test that waits for more says so.
    }
}
