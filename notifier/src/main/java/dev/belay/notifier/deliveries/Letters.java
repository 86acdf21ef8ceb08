// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.deliveries;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

import dev.belay.contracts.Json;
import dev.belay.contracts.Require;
import dev.belay.notifier.channels.Addressee;
import dev.belay.notifier.decision.Severity;
import dev.belay.notifier.message.Notice;
import dev.belay.notifier.message.PagerDutyEvent;
import dev.belay.notifier.message.SlackMessage;
import dev.belay.notifier.message.WebhookEvent;
import dev.belay.notifier.signing.WebhookSignature;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** Writes what is told in the form of whoever is told. */
@ApplicationScoped
public class Letters {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration PATIENCE_OF_WEBHOOKS = Duration.ofSeconds(15);

    private final boolean hasVerbs;

    /** @param api where the services answer; without it nothing can be done from a message */
    public Letters(@ConfigProperty(name = "belay.api.url") Optional<URI> api) {
        this.hasVerbs = api.isPresent();
    }

    /**
     * The first message of a rollout in a channel of Slack's.
     *
     * @param room id of the Slack channel
     * @param ts id of the message
     */
    public record Root(String room, String ts) {}

    /**
     * Returns the letter that tells a notice.
     *
     * @param subject what it is about: the id of its rollout or incident
     * @param transition identifies what is told, and so the message in whatever attempt
     * @param root the message it answers; null when there is none
     */
    public Letter of(Addressee to, Notice notice, String subject, String transition, @Nullable Root root, Instant now) {
        return switch (to.medium()) {
            case SLACK_WEBHOOK -> plain(to.url(), Json.bytes(SlackMessage.of(notice)));
            case SLACK -> slack(to, "chat.postMessage", post(to, notice, root));
            case PAGERDUTY ->
                plain(
                        to.url(),
                        Json.bytes(PagerDutyEvent.of(
                                notice, subject, Require.nonNull(to.secrets().routingKey(), "routingKey"))));
            case WEBHOOK -> signed(to, transition, Json.bytes(WebhookEvent.of(notice)), now);
        };
    }

    /** Returns the letter that brings the first message of a rollout up to date. */
    public Letter update(Addressee to, Notice notice, Root root) {
        SlackMessage message = SlackMessage.of(notice, hasVerbs(to));
        return slack(to, "chat.update", SlackPost.update(root.room(), root.ts(), message));
    }

    /** Returns the letter with a message that was written for a webhook of Slack's before there were notices. */
    public Letter old(Addressee to, String message) {
        return plain(to.url(), message.getBytes(StandardCharsets.UTF_8));
    }

    private SlackPost post(Addressee to, Notice notice, @Nullable Root root) {
        SlackMessage message = SlackMessage.of(notice, hasVerbs(to));
        String room = Require.nonNull(to.room(), "channel");
        return root == null
                ? SlackPost.first(room, message)
                : SlackPost.reply(root.room(), root.ts(), notice.severity().isAtLeast(Severity.ERROR), message);
    }

    private boolean hasVerbs(Addressee to) {
        return hasVerbs
                && to.secrets().signing() != null
                && !to.secrets().people().isEmpty();
    }

    private static Letter slack(Addressee to, String method, SlackPost post) {
        String base = to.url().toString();
        URI url = URI.create((base.endsWith("/") ? base : base + "/") + method);
        return new Letter(url, Map.of("Authorization", "Bearer " + to.secrets().token()), Json.bytes(post), PATIENCE);
    }

    private static Letter plain(URI url, byte[] body) {
        return new Letter(url, Map.of(), body, PATIENCE);
    }

    private static Letter signed(Addressee to, String transition, byte[] body, Instant now) {
        String key = to.project() + "/" + to.name() + "#" + transition;
        String id = "msg_"
                + UUID.nameUUIDFromBytes(key.getBytes(StandardCharsets.UTF_8))
                        .toString()
                        .replace("-", "");
        return new Letter(
                to.url(),
                Map.of(
                        "webhook-id", id,
                        "webhook-timestamp", Long.toString(now.getEpochSecond()),
                        "webhook-signature", WebhookSignature.of(to.secrets().webhook(), id, now, body)),
                body,
                PATIENCE_OF_WEBHOOKS);
    }
}
