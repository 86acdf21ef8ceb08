// SPDX-License-Identifier: Apache-2.0
package dev.belay.benchmarks.latency;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import dev.belay.benchmarks.input.Harm;
import org.apache.kafka.clients.producer.RecordMetadata;

/** From an event to those who listen: the real processes, or the same shape bare. */
interface Chain extends AutoCloseable {
    /** Returns the port of the process that clients listen to. */
    int port();

    /** Returns the path of its stream. */
    String stream();

    /** Returns what a client says when it asks for the stream. */
    Map<String, String> headers();

    /** Brings the rollouts as far as a moment before harm is proven, and returns when that has been counted. */
    void prepare(List<Harm> harms);

    /** Sends the record that completes the evidence. */
    CompletableFuture<RecordMetadata> complete(Harm harm);

    /** Sends an event that has nothing to do with any of the harm. */
    void background(long number);

    /** Takes the data of an event that a client has received. */
    void received(String data);

    @Override
    void close();
}
