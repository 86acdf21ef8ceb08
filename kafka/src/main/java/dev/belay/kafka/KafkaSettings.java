// SPDX-License-Identifier: Apache-2.0
package dev.belay.kafka;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

import dev.belay.contracts.Require;
import dev.belay.contracts.Topic;
import org.apache.kafka.clients.CommonClientConfigs;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * Where the broker is and how its topics are named.
 *
 * @param bootstrapServers {@code host:port}, comma-separated
 * @param topicPrefix put before the name of every topic; empty for none
 * @param security settings of clients that begin with {@code security.}, {@code sasl.} or {@code ssl.}
 */
public record KafkaSettings(String bootstrapServers, String topicPrefix, Map<String, String> security) {
    private static final String PREFIX = "kafka.";
    private static final List<String> SECURITY = List.of("kafka.security.", "kafka.sasl.", "kafka.ssl.");
    private static final String METADATA_MAX_AGE_MILLIS = "5000";
    private static final String RECONNECT_BACKOFF_MAX_MILLIS = "1000";

    /** @throws IllegalArgumentException if there are no servers */
    public KafkaSettings {
        Require.text(bootstrapServers, "kafka.bootstrap.servers");
        Require.nonNull(topicPrefix, "belay.kafka.topic-prefix");
        security = Map.copyOf(security);
    }

    /** Settings of a broker without security. */
    public KafkaSettings(String bootstrapServers, String topicPrefix) {
        this(bootstrapServers, topicPrefix, Map.of());
    }

    /**
     * Returns what MicroProfile Config says: {@code kafka.bootstrap.servers} (default {@code localhost:9092}), {@code
     * belay.kafka.topic-prefix} (default empty), {@code kafka.security.*}, {@code kafka.sasl.*}, {@code kafka.ssl.*}.
     */
    public static KafkaSettings configured() {
        Config config = ConfigProvider.getConfig();
        return new KafkaSettings(
                config.getOptionalValue("kafka.bootstrap.servers", String.class).orElse("localhost:9092"),
                config.getOptionalValue("belay.kafka.topic-prefix", String.class)
                        .orElse(""),
                security(config));
    }

    /** Returns what every client needs, whatever it does. */
    public Map<String, Object> clientProperties() {
        Map<String, Object> properties = new HashMap<>(security);
        properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        properties.put(CommonClientConfigs.METADATA_MAX_AGE_CONFIG, METADATA_MAX_AGE_MILLIS);
        properties.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, RECONNECT_BACKOFF_MAX_MILLIS);
        return properties;
    }

    /** Returns the name of {@code topic} on this broker. */
    public String nameOf(Topic<?> topic) {
        return topic.on(topicPrefix);
    }

    private static Map<String, String> security(Config config) {
        Map<String, String> found = new HashMap<>();
        StreamSupport.stream(config.getPropertyNames().spliterator(), false)
                .filter(name -> SECURITY.stream().anyMatch(name::startsWith))
                .forEach(name -> config.getOptionalValue(name, String.class)
                        .ifPresent(value -> found.put(name.substring(PREFIX.length()), value)));
        return found;
    }
}
