// SPDX-License-Identifier: Apache-2.0
package dev.belay.benchmarks.baseline;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Makes one record of each line of the body and answers when the broker has acknowledged all. Nothing is looked at. */
@Singleton
@Path("/forward")
public class ForwardResource {
    private final String topic;
    private final KafkaProducer<byte[], byte[]> producer;

    ForwardResource(
            @ConfigProperty(name = "kafka.bootstrap.servers") String servers,
            @ConfigProperty(name = "baseline.forward-to") String topic) {
        this.topic = topic;
        // Kafka's own settings but for the linger, which is the edge's: acknowledged by all replicas, idempotent.
        this.producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        servers,
                        ProducerConfig.ACKS_CONFIG,
                        "all",
                        ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                        "true",
                        ProducerConfig.LINGER_MS_CONFIG,
                        "5"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    @PreDestroy
    void stop() {
        producer.close();
    }

    @POST
    public CompletionStage<Response> forward(byte[] body) {
        List<CompletableFuture<Void>> sent = new ArrayList<>();
        int begin = 0;
        for (int i = 0; i <= body.length; i++) {
            if (i == body.length || body[i] == '\n') {
                if (i > begin) {
                    sent.add(send(Arrays.copyOfRange(body, begin, i)));
                }
                begin = i + 1;
            }
        }
        return CompletableFuture.allOf(sent.toArray(new CompletableFuture<?>[0]))
                .thenApply(done -> Response.accepted().build());
    }

    private CompletableFuture<Void> send(byte[] line) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        var ignored = producer.send(new ProducerRecord<>(topic, line), (metadata, failure) -> {
            if (failure == null) {
                done.complete(null);
            } else {
                done.completeExceptionally(failure);
            }
        });
        return done;
    }
}
