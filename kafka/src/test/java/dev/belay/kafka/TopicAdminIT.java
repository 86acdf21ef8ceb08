// SPDX-License-Identifier: Apache-2.0
package dev.belay.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import dev.belay.contracts.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class TopicAdminIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final KafkaSettings settings = SharedBroker.settings();

    @Test
    void createsWhatAModuleOwns() {
        TopicAdmin.ensureOwned(settings, "flag-edge", PATIENCE);

        try (Admin admin = TopicAdmin.open(settings)) {
            assertThat(Topics.ownedBy("flag-edge")).allMatch(topic -> TopicAdmin.exists(admin, settings.nameOf(topic)));
        }
    }

    @Test
    void isContentWithWhatItCreatedBefore() {
        TopicAdmin.ensureOwned(settings, "rollout-scheduler", PATIENCE);

        TopicAdmin.ensureOwned(settings, "rollout-scheduler", PATIENCE);
        TopicAdmin.await(settings, Topics.ROLLOUTS, PATIENCE);
    }

    @Test
    void refusesATopicWithOtherPartitions() {
        create(7, Map.of("cleanup.policy", "compact"));

        assertThatThrownBy(() -> TopicAdmin.ensureOwned(settings, "rollout-scheduler", PATIENCE))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "topic " + settings.nameOf(Topics.ROLLOUTS) + " has partitions 7, Belay needs partitions 4");
    }

    @Test
    void refusesATopicThatForgetsWhatMustStay() {
        create(4, Map.of("cleanup.policy", "delete"));

        assertThatThrownBy(() -> TopicAdmin.ensureOwned(settings, "rollout-scheduler", PATIENCE))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("has cleanup.policy delete, Belay needs cleanup.policy compact");
    }

    @Test
    void saysWhoCreatesAMissingTopic() {
        assertThatThrownBy(() -> TopicAdmin.await(settings, Topics.FLAGS, Duration.ofMillis(1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("is missing; flag-config-service creates it");
    }

    @Test
    void saysThatTheBrokerDoesNotAnswer() {
        KafkaSettings nowhere = new KafkaSettings("127.0.0.1:1", "");

        assertThatThrownBy(() -> TopicAdmin.ensureOwned(nowhere, "flag-edge", Duration.ofMillis(1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("127.0.0.1:1");
    }

    private void create(int partitions, Map<String, String> configs) {
        try (Admin admin = TopicAdmin.open(settings)) {
            NewTopic topic = new NewTopic(settings.nameOf(Topics.ROLLOUTS), partitions, (short) 1).configs(configs);
            TopicAdmin.get(admin.createTopics(List.of(topic)).all());
        }
    }
}
