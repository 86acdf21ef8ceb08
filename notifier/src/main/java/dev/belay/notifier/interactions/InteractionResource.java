// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.interactions;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import dev.belay.contracts.Json;
import dev.belay.contracts.Require;
import dev.belay.http.ProblemException;
import dev.belay.notifier.channels.Addressee;
import dev.belay.notifier.channels.Channels;
import dev.belay.notifier.deliveries.Letter;
import dev.belay.notifier.deliveries.Posts;
import dev.belay.notifier.message.SlackMessage;
import dev.belay.notifier.signing.SlackSignature;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.security.PermitAll;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Takes presses of Slack's buttons: signed by Slack over the bytes that came, fresh, by somebody who is known here, about
 * the channel's own project, each once. Slack waits three seconds, so the doing comes after the answer.
 */
@Path("/api/v1/channels/{project}/{name}/interactions")
@PermitAll
@Singleton
@Tag(name = "Channels")
public class InteractionResource {
    private static final Logger LOG = Logger.getLogger(InteractionResource.class);
    private static final int LARGEST = 128 * 1024;
    private static final int TOO_LARGE = 413;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Channels channels;
    private final Presses presses;
    private final Commands commands;
    private final Posts posts;
    private final ExecutorService worker = Executors.newFixedThreadPool(2, work -> {
        Thread thread = new Thread(work, "notifier-interactions");
        thread.setDaemon(true);
        return thread;
    });

    InteractionResource(Channels channels, Presses presses, Commands commands, Posts posts) {
        this.channels = channels;
        this.presses = presses;
        this.commands = commands;
        this.posts = posts;
    }

    @POST
    @Consumes(MediaType.WILDCARD)
    @Operation(summary = "Take presses of Slack's buttons, signed by Slack")
    public Response take(
            @PathParam("project") String project,
            @PathParam("name") String name,
            @HeaderParam("X-Slack-Request-Timestamp") @Nullable String timestamp,
            @HeaderParam("X-Slack-Signature") @Nullable String signature,
            byte @Nullable [] body) {
        byte[] sent = body == null ? new byte[0] : body;
        if (sent.length > LARGEST) {
            throw new ProblemException(TOO_LARGE, "too-large", "the body is too large", List.of());
        }
        Addressee to = channels.addressee(project, name)
                .filter(channel -> channel.secrets().signing() != null)
                .orElseThrow(() -> ProblemException.unauthorized("the signature is not Slack's, or not fresh"));
        String secret = Require.nonNull(to.secrets().signing(), "signing");
        if (!SlackSignature.isGood(secret, timestamp, signature, sent, Instant.now())) {
            throw ProblemException.unauthorized("the signature is not Slack's, or not fresh");
        }
        Interaction interaction = Interaction.of(sent);
        interaction.presses().forEach(press -> take(to, interaction, press));
        return Response.ok().build();
    }

    private void take(Addressee to, Interaction interaction, SlackMessage.Press press) {
        if (!press.project().equals(to.project())) {
            throw ProblemException.forbidden("the button belongs to another project");
        }
        String key = to.secrets().people().get(interaction.user());
        if (key == null) {
            worker.execute(() -> say(
                    to,
                    interaction,
                    false,
                    "You are not known to Belay here: somebody who may edit this channel adds you under people."));
            return;
        }
        String id = id(to, interaction, press);
        if (presses.add(id)) {
            worker.execute(() -> perform(to, interaction, press, key, id));
        }
    }

    private void perform(Addressee to, Interaction interaction, SlackMessage.Press press, String key, String id) {
        try {
            Commands.Done done = commands.perform(press, key, interaction.userName(), id);
            LOG.infof(
                    "%s of %s/%s/%s pressed in %s/%s by %s: %s",
                    press.verb(),
                    press.project(),
                    press.environment(),
                    press.flag(),
                    to.project(),
                    to.name(),
                    interaction.user(),
                    done.isDone() ? "done" : "not done");
            if (!done.isDone()) {
                presses.remove(id);
            }
            say(to, interaction, done.isDone(), done.sentence());
        } catch (RuntimeException e) {
            LOG.errorf(
                    "a press in %s/%s came to nothing: %s",
                    to.project(), to.name(), e.getClass().getSimpleName());
        }
    }

    /** Says what came of it where it was pressed; to everybody when something was done. */
    private void say(Addressee to, Interaction interaction, boolean isDone, String sentence) {
        URI answerTo = interaction.answerTo();
        if (answerTo == null) {
            return;
        }
        Map<String, Object> words = Map.of(
                "response_type",
                isDone ? "in_channel" : "ephemeral",
                "replace_original",
                false,
                "thread_ts",
                interaction.message(),
                "text",
                sentence.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"));
        LOG.debugf("answer in %s is %s", to, posts.post(new Letter(answerTo, Map.of(), Json.bytes(words), PATIENCE)));
    }

    /** A double click and a repetition by Slack are the same press; after the message has changed it is another. */
    private static String id(Addressee to, Interaction interaction, SlackMessage.Press press) {
        String all = to.project() + "/" + to.name() + " " + interaction.message() + " " + Json.write(press);
        return UUID.nameUUIDFromBytes(all.getBytes(StandardCharsets.UTF_8)).toString();
    }

    @PreDestroy
    void close() {
        worker.shutdownNow();
    }
}
