// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.message;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.contracts.Json;
import dev.belay.contracts.rollbacks.Incident;
import dev.belay.contracts.rollbacks.RollbackTarget;
import dev.belay.contracts.rollouts.RolloutStatus;
import dev.belay.notifier.Samples;
import dev.belay.notifier.decision.Occasion;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static dev.belay.notifier.Samples.NOON;
import static org.assertj.core.api.Assertions.assertThat;

class FormsTest {
    private static final String KEY = "fake0fake0fake0fake0fake0fake012";
    private static final Surroundings KNOWN = new Surroundings(
            Samples.rollout(RolloutStatus.RUNNING, false), List.of(), URI.create("https://belay.example/"));

    private final Incident incident = Samples.confirmed(Samples.breach(Samples.FLAG, NOON));

    @Nested
    class OfPagerDuty {
        @Test
        void aRollbackTriggersWithItsNumbers() {
            PagerDutyEvent event = PagerDutyEvent.of(notice(Occasion.ROLLED_BACK), incident.id(), KEY);
            JsonNode json = Json.tree(event);

            assertThat(json.path("routing_key").asText()).isEqualTo(KEY);
            assertThat(json.path("event_action").asText()).isEqualTo("trigger");
            assertThat(json.path("dedup_key").asText()).isEqualTo("shop/production/new-checkout#3#all");
            assertThat(json.path("payload").path("severity").asText()).isEqualTo("error");
            assertThat(json.path("payload").path("source").asText()).isEqualTo("belay: shop/production");
            assertThat(json.path("payload").path("component").asText()).isEqualTo("new-checkout");
            assertThat(json.path("payload").path("class").asText()).isEqualTo("rolled_back");
            assertThat(json.path("payload").path("timestamp").asText()).isEqualTo("2026-01-05T12:00:12Z");
            assertThat(json.path("payload")
                            .path("custom_details")
                            .path("Change")
                            .asText())
                    .isEqualTo("−27 % (95 %: −45 … −4 %)");
            assertThat(json.path("links").get(0).path("href").asText()).startsWith("https://belay.example/incidents/");
            assertThat(event).asString().doesNotContain(KEY);
        }

        @ParameterizedTest
        @CsvSource({"ACKNOWLEDGED, acknowledge", "RESOLVED, resolve"})
        void itsEndHasTheSameKeyAndNeedsNoMore(Occasion occasion, String action) {
            Notice notice = IncidentNotices.of(occasion, Samples.acknowledged(incident, "ada"), KNOWN);
            JsonNode json = Json.tree(PagerDutyEvent.of(notice, incident.id(), KEY));

            assertThat(json.path("event_action").asText()).isEqualTo(action);
            assertThat(json.path("dedup_key").asText()).isEqualTo("shop/production/new-checkout#3#all");
            assertThat(json.has("payload")).isFalse();
        }

        @Test
        void aPageIsCritical() {
            Incident late =
                    Samples.incident(Incident.Status.UNCONFIRMED, Samples.breach(Samples.FLAG, NOON), List.of());
            Notice notice = IncidentNotices.of(Occasion.UNCONFIRMED, late, KNOWN);

            assertThat(Json.tree(PagerDutyEvent.of(notice, late.id(), KEY))
                            .path("payload")
                            .path("severity")
                            .asText())
                    .isEqualTo("critical");
        }

        @Test
        void whatIsTooLongIsCutAndKeysStayApart() {
            Incident kill = Samples.confirmed(Samples.byHand(RollbackTarget.KILL, "x".repeat(500_000)));
            Notice notice = IncidentNotices.of(Occasion.ROLLED_BACK, kill, KNOWN);
            String long1 = "a".repeat(300) + "1";
            String long2 = "a".repeat(300) + "2";

            PagerDutyEvent event = PagerDutyEvent.of(notice, long1, KEY);

            assertThat(event.payload().summary()).hasSizeLessThanOrEqualTo(1024);
            assertThat(Json.bytes(event)).hasSizeLessThan(512 * 1024);
            assertThat(event.dedupKey()).hasSizeLessThanOrEqualTo(255).isNotEqualTo(PagerDutyEvent.key(long2));
        }
    }

    @Nested
    class OfAWebhook {
        @Test
        void theDocumentIsTheOneThatIsDescribed() {
            JsonNode json = Json.tree(WebhookEvent.of(notice(Occasion.ROLLED_BACK)));

            assertThat(json.path("type").asText()).isEqualTo("rollout.rolled_back");
            assertThat(json.path("version").asInt()).isEqualTo(1);
            assertThat(json.path("timestamp").asText()).isEqualTo("2026-01-05T12:00:12Z");
            JsonNode data = json.path("data");
            assertThat(data.path("flag").asText()).isEqualTo("new-checkout");
            assertThat(data.path("epoch").asInt()).isEqualTo(3);
            assertThat(data.path("incident").asText()).isEqualTo("shop/production/new-checkout#3#all");
            assertThat(data.path("target").asText()).isEqualTo("all");
            assertThat(data.path("numbers").path("control").path("events").asLong())
                    .isEqualTo(720);
            assertThat(data.path("numbers").path("ratio").asDouble()).isEqualTo(0.73);
            assertThat(data.path("text").asText()).startsWith("Checkout conversion is down 27 %");
        }

        @ParameterizedTest
        @EnumSource(Occasion.class)
        void everyOccasionHasAType(Occasion occasion) {
            assertThat(WebhookEvent.type(occasion)).matches("(rollout|rollback|incident|channel)\\.[a-z_]+");
        }

        @Test
        void isSmallerThanTwentyKilobytesWhateverTheReason() {
            Incident kill = Samples.confirmed(Samples.byHand(RollbackTarget.KILL, "ü".repeat(500_000)));

            assertThat(Json.bytes(WebhookEvent.of(IncidentNotices.of(Occasion.ROLLED_BACK, kill, KNOWN))))
                    .hasSizeLessThan(20_000);
        }
    }

    @Nested
    class OfAStorm {
        @Test
        void aThousandAreCountedAndTheFirstAreNamed() {
            List<Notice> notices = new ArrayList<>();
            IntStream.range(0, 1_000)
                    .forEach(i -> notices.add(IncidentNotices.of(
                            Occasion.ROLLED_BACK, Samples.confirmed(Samples.breach("flag-" + i, NOON)), KNOWN)));

            List<String> lines = BlockKit.lines(StormMessage.of(notices));

            assertThat(lines.get(0)).isEqualTo("⏪ 1,000 × taken out");
            assertThat(lines.get(1))
                    .startsWith("*1,000 messages alike as one*: Rolled back: flag-0; Rolled back: flag-1; ")
                    .contains("Rolled back: flag-19; and 980 more")
                    .doesNotContain("flag-20");
            assertThat(lines.get(2)).startsWith("shop / production 1,000 · from 12:00:12 UTC");
        }
    }

    @Nested
    class OfAChannel {
        @Test
        void oneThatIsDownIsNamedWithItsReason() {
            assertThat(BlockKit.lines(ChannelMessages.down("shop", "oncall", "no answer within 5 s", 3, NOON)))
                    .contains("🔕 Channel down: oncall")
                    .anyMatch(line -> line.startsWith(
                            "*Messages to channel oncall do not arrive*: no answer within 5 s. 3 messages wait"));
        }

        @Test
        void aTestSaysWhoSentItAndThatNothingHappened() {
            assertThat(BlockKit.lines(ChannelMessages.test("shop", "oncall", "ada", NOON)))
                    .contains("👋 Test from Belay: oncall")
                    .anyMatch(line -> line.contains("ada sent a test; nothing happened"));
        }
    }

    private Notice notice(Occasion occasion) {
        return IncidentNotices.of(occasion, incident, KNOWN);
    }
}
