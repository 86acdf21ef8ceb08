// SPDX-License-Identifier: Apache-2.0
package dev.belay.benchmarks.process;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

import dev.belay.embedded.FreePort;
import dev.belay.kafka.KafkaSettings;
import dev.belay.kafka.TopicAdmin;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.TopicConfig;

/** The embedded broker in a process of its own, so that it is not part of what is measured. */
public final class Broker implements AutoCloseable {
    private static final int HEAP_MEGABYTES = 1024;
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final List<String> OWNERS =
            List.of("flag-config-service", "rollout-scheduler", "rollback-controller", "metrics-watcher", "flag-edge");

    private final JavaProcess process;
    private final String servers;

    private Broker(JavaProcess process, String servers) {
        this.process = process;
        this.servers = servers;
    }

    /** Starts a broker; its records are in {@code folder}. */
    public static Broker start(Path folder) throws IOException {
        int port = FreePort.find();
        JavaProcess process = JavaProcess.start(
                "broker",
                folder,
                JavaProcess.own(
                        HEAP_MEGABYTES,
                        BrokerCommand.NAME,
                        "--port",
                        Integer.toString(port),
                        "--data",
                        folder.resolve("data").toString()));
        Broker broker = new Broker(process, "127.0.0.1:" + port);
        Patience.until("the broker answers", PATIENCE, broker::isAnswering);
        return broker;
    }

    /** Returns what clients connect to, for an installation with that topic prefix. */
    public KafkaSettings settings(String topicPrefix) {
        return new KafkaSettings(servers, topicPrefix);
    }

    public String servers() {
        return servers;
    }

    /** Creates every topic of an installation, as its owners do. */
    public void createTopics(String topicPrefix) {
        OWNERS.forEach(owner -> TopicAdmin.ensureOwned(settings(topicPrefix), owner, PATIENCE));
    }

    /** Creates a topic that is no part of the product, stamped by the broker. */
    public void create(String topic, int partitions) {
        try (Admin admin = admin()) {
            NewTopic made = new NewTopic(topic, partitions, (short) 1)
                    .configs(Map.of(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "LogAppendTime"));
            admin.createTopics(List.of(made)).all().get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("topic " + topic + " cannot be created", e);
        }
    }

    /** Deletes all topics whose name begins with that. */
    public void deleteTopics(String prefix) {
        try (Admin admin = admin()) {
            Collection<String> named = admin.listTopics().names().get().stream()
                    .filter(name -> name.startsWith(prefix))
                    .toList();
            admin.deleteTopics(named).all().get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException("topics " + prefix + "* cannot be deleted", e);
        }
    }

    private Admin admin() {
        return Admin.create(settings("").clientProperties());
    }

    private boolean isAnswering() {
        process.requireAlive();
        try (Admin admin = admin()) {
            return !admin.describeCluster().nodes().get().isEmpty();
        } catch (ExecutionException | KafkaException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() {
        process.close();
    }
}
