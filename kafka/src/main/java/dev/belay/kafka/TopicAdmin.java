// SPDX-License-Identifier: Apache-2.0
package dev.belay.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;

import dev.belay.contracts.Topic;
import dev.belay.contracts.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;

/** Creates the topics a module owns, and refuses to run on topics that are kept in another way than Belay needs. */
public final class TopicAdmin {
    private static final String REQUEST_TIMEOUT_MILLIS = "5000";
    private static final int MAX_REPLICAS = 3;

    private final KafkaSettings settings;
    private final Admin admin;
    private final long deadline;

    private TopicAdmin(KafkaSettings settings, Admin admin, Duration patience) {
        this.settings = settings;
        this.admin = admin;
        this.deadline = System.nanoTime() + patience.toNanos();
    }

    /**
     * Creates the missing topics of {@code module} and checks the others: partitions, cleanup, retention, timestamps.
     *
     * @param module owner, as {@link Topics} names it
     * @param patience how long to wait for the broker
     * @throws IllegalStateException if the broker does not answer in time, or a topic is kept in another way; the
     *     message names the topic, what was found and what is needed
     */
    public static void ensureOwned(KafkaSettings settings, String module, Duration patience) {
        List<Topic<?>> owned = Topics.ownedBy(module);
        try (Admin admin = open(settings)) {
            new TopicAdmin(settings, admin, patience).ensure(owned);
        }
    }

    /**
     * Waits until somebody has created {@code topic}.
     *
     * @throws IllegalStateException if it is not there in time
     */
    public static void await(KafkaSettings settings, Topic<?> topic, Duration patience) {
        String name = settings.nameOf(topic);
        try (Admin admin = open(settings)) {
            new TopicAdmin(settings, admin, patience)
                    .retry(
                            "topic " + name + " is missing; " + topic.owner() + " creates it",
                            () -> exists(admin, name));
        }
    }

    static Admin open(KafkaSettings settings) {
        Map<String, Object> properties = settings.clientProperties();
        properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_TIMEOUT_MILLIS);
        properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, REQUEST_TIMEOUT_MILLIS);
        return Admin.create(properties);
    }

    static boolean exists(Admin admin, String name) {
        return get(admin.listTopics().names()).contains(name);
    }

    /** Returns the replication factor that fits the cluster: three, or as many brokers as there are. */
    static short replicas(Admin admin) {
        return (short)
                Math.min(MAX_REPLICAS, get(admin.describeCluster().nodes()).size());
    }

    /** Creates a topic; does nothing when another process was faster. */
    static void create(Admin admin, NewTopic topic) {
        try {
            get(admin.createTopics(List.of(topic)).all());
        } catch (TopicExistsException e) {
            // Another replica of the owner was faster.
        }
    }

    static <T> T get(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while asking the broker", e);
        }
    }

    private void ensure(List<Topic<?>> topics) {
        retry("topics cannot be created", () -> {
            createMissing(topics);
            return true;
        });
        for (Topic<?> topic : topics) {
            retry("topic " + settings.nameOf(topic) + " cannot be read back", () -> {
                verify(topic);
                return true;
            });
        }
    }

    private void createMissing(List<Topic<?>> topics) {
        Set<String> present = get(admin.listTopics().names());
        List<Topic<?>> missing = topics.stream()
                .filter(topic -> !present.contains(settings.nameOf(topic)))
                .toList();
        if (missing.isEmpty()) {
            return;
        }
        short replicas = replicas(admin);
        missing.forEach(topic -> create(
                admin,
                new NewTopic(settings.nameOf(topic), topic.partitions(), replicas).configs(configs(topic, replicas))));
    }

    private static Map<String, String> configs(Topic<?> topic, int replicas) {
        Map<String, String> configs = new HashMap<>(required(topic));
        if (replicas == MAX_REPLICAS) {
            configs.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, "2");
        }
        return configs;
    }

    private static Map<String, String> required(Topic<?> topic) {
        Map<String, String> required = new HashMap<>();
        required.put(TopicConfig.CLEANUP_POLICY_CONFIG, topic.cleanup().name().toLowerCase(Locale.ROOT));
        required.put(
                TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG,
                topic.timestamps() == Topic.Timestamps.CREATE_TIME ? "CreateTime" : "LogAppendTime");
        Duration retention = topic.retention();
        if (retention != null) {
            required.put(TopicConfig.RETENTION_MS_CONFIG, Long.toString(retention.toMillis()));
        }
        return required;
    }

    private void verify(Topic<?> topic) {
        String name = settings.nameOf(topic);
        TopicDescription found = Objects.requireNonNull(
                get(admin.describeTopics(List.of(name)).allTopicNames()).get(name));
        requireSame(
                name, "partitions", Integer.toString(found.partitions().size()), Integer.toString(topic.partitions()));
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, name);
        Config config = Objects.requireNonNull(
                get(admin.describeConfigs(List.of(resource)).all()).get(resource));
        required(topic)
                .forEach((key, value) -> requireSame(name, key, config.get(key).value(), value));
    }

    private static void requireSame(String topic, String what, String found, String needed) {
        if (!found.equals(needed)) {
            throw new IllegalStateException(
                    "topic " + topic + " has " + what + " " + found + ", Belay needs " + what + " " + needed);
        }
    }

    private void retry(String failure, BooleanSupplier attempt) {
        BackOff backOff = new BackOff();
        KafkaException last = null;
        do {
            try {
                if (attempt.getAsBoolean()) {
                    return;
                }
            } catch (KafkaException e) {
                last = e;
            }
            sleep(backOff.next());
        } while (System.nanoTime() < deadline);
        throw new IllegalStateException(
                failure + (last == null ? "" : ": " + last.getMessage() + " (" + settings.bootstrapServers() + ")"),
                last);
    }

    private static void sleep(Duration wait) {
        try {
            Thread.sleep(wait.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the broker", e);
        }
    }
}
