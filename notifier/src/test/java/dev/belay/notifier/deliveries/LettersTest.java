// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.deliveries;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.contracts.Json;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.contracts.rollouts.RolloutStatus;
import dev.belay.manifest.ChannelDocument;
import dev.belay.notifier.Samples;
import dev.belay.notifier.channels.Addressee;
import dev.belay.notifier.decision.Interest;
import dev.belay.notifier.decision.Medium;
import dev.belay.notifier.decision.Occasion;
import dev.belay.notifier.decision.QuietHours;
import dev.belay.notifier.decision.Severity;
import dev.belay.notifier.message.ChannelMessages;
import dev.belay.notifier.message.Notice;
import dev.belay.notifier.message.RolloutMessages;
import dev.belay.notifier.message.Surroundings;
import dev.belay.notifier.signing.WebhookSignature;
import org.junit.jupiter.api.Test;

import static dev.belay.notifier.Samples.NOON;
import static org.assertj.core.api.Assertions.assertThat;

class LettersTest {
    private static final String KEY = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final Letters WITH_VERBS = new Letters(Optional.of(URI.create("https://belay.example")));
    private static final Letters WITHOUT = new Letters(Optional.empty());
    private static final Notice STARTED = started();

    @Test
    void aWebhookIsSignedAnewForEachAttemptAndKeepsItsId() {
        Addressee to = to(Medium.WEBHOOK, secrets(null, List.of(KEY), Map.of()));

        Letter first = WITHOUT.of(to, STARTED, "s", "s#started", null, NOON);
        Letter second = WITHOUT.of(to, STARTED, "s", "s#started", null, NOON.plusSeconds(5));
        Letter other = WITHOUT.of(to, STARTED, "s", "s#advanced:1", null, NOON);

        assertThat(second.headers().get("webhook-id"))
                .isEqualTo(first.headers().get("webhook-id"))
                .isNotEqualTo(other.headers().get("webhook-id"));
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(second.headers().get("webhook-timestamp"))
                .isEqualTo(Long.toString(NOON.plusSeconds(5).getEpochSecond()));
        assertThat(second.headers().get("webhook-signature"))
                .isEqualTo(WebhookSignature.of(
                        List.of(KEY), first.headers().get("webhook-id"), NOON.plusSeconds(5), first.body()))
                .isNotEqualTo(first.headers().get("webhook-signature"));
    }

    @Test
    void aBotPostsRepliesAndUpdates() {
        Addressee to = to(Medium.SLACK, secrets("xoxb-fake", List.of(), Map.of()));
        Letters.Root root = new Letters.Root("C024BE91L", "1700000000.1");

        Letter first = WITHOUT.of(to, STARTED, "s", "t", null, NOON);
        Letter reply = WITHOUT.of(to, STARTED, "s", "t", root, NOON);
        Letter alarm = WITHOUT.of(to, ChannelMessages.down("shop", "x", "why", 1, NOON), "s", "t", root, NOON);
        Letter update = WITHOUT.update(to, STARTED, root);

        assertThat(first.url()).hasToString("https://slack.example/api/chat.postMessage");
        assertThat(update.url()).hasToString("https://slack.example/api/chat.update");
        assertThat(first.headers()).isEqualTo(Map.of("Authorization", "Bearer xoxb-fake"));
        assertThat(json(first).has("thread_ts")).isFalse();
        assertThat(json(reply).path("thread_ts").asText()).isEqualTo("1700000000.1");
        assertThat(json(reply).has("reply_broadcast")).isFalse();
        assertThat(json(alarm).path("reply_broadcast").asBoolean()).isTrue();
        assertThat(json(update).path("ts").asText()).isEqualTo("1700000000.1");
        assertThat(first + " " + to).doesNotContain("xoxb");
    }

    @Test
    void buttonsAreThereOnlyWhereAPressReachesSomebody() {
        Addressee known = to(
                Medium.SLACK,
                new ChannelDocument.Secrets("xoxb-fake", "fakefakefakefake", null, List.of(), Map.of("U1", "bly_x")));
        Addressee nobody = to(Medium.SLACK, secrets("xoxb-fake", List.of(), Map.of()));

        assertThat(text(WITH_VERBS.of(known, STARTED, "s", "t", null, NOON))).contains("PAUSE", "ROLL_BACK");
        assertThat(text(WITHOUT.of(known, STARTED, "s", "t", null, NOON))).doesNotContain("ROLL_BACK");
        assertThat(text(WITH_VERBS.of(nobody, STARTED, "s", "t", null, NOON))).doesNotContain("ROLL_BACK");
        assertThat(text(WITH_VERBS.of(
                        to(Medium.SLACK_WEBHOOK, secrets(null, List.of(), Map.of())), STARTED, "s", "t", null, NOON)))
                .doesNotContain("ROLL_BACK");
    }

    @Test
    void whatAReceiverRepeatsOfASecretIsMasked() {
        Addressee to = to(Medium.SLACK, secrets("xoxb-fake-token", List.of(KEY), Map.of("U1", "bly_fakefake01_x")));

        assertThat(to.masked("no xoxb-fake-token, no " + KEY + ", no bly_fakefake01_x, no https://slack.example/api/"))
                .isEqualTo("no ***, no ***, no ***, no ***");
    }

    private static Notice started() {
        RolloutState state = Samples.rollout(RolloutStatus.RUNNING, false);
        return RolloutMessages.of(
                Occasion.STARTED, state, Samples.plan(List.of()), new Surroundings(state, List.of(), null));
    }

    private static ChannelDocument.Secrets secrets(String token, List<String> webhook, Map<String, String> people) {
        return new ChannelDocument.Secrets(token, null, null, webhook, people);
    }

    private static Addressee to(Medium medium, ChannelDocument.Secrets secrets) {
        return new Addressee(
                "shop",
                "oncall",
                URI.create("https://slack.example/api/"),
                "C024BE91L",
                secrets,
                new Interest(medium, Set.of(), Set.of(), Severity.INFO),
                new QuietHours(List.of()),
                false,
                null);
    }

    private static JsonNode json(Letter letter) {
        return Json.read(letter.body(), JsonNode.class);
    }

    private static String text(Letter letter) {
        return new String(letter.body(), StandardCharsets.UTF_8);
    }
}
