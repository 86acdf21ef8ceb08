// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.interactions;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

import dev.belay.contracts.Json;
import dev.belay.notifier.Receiver;
import dev.belay.notifier.message.SlackMessage;
import dev.belay.notifier.message.Verb;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class InteractionTest {
    private static final String KEY = "bly_fakefake01_" + "a".repeat(43);
    private static final String INCIDENT = "shop/production/new-checkout#3#segment:country=New Zealand";

    private Receiver belay;

    @BeforeEach
    void open() throws IOException {
        belay = new Receiver();
    }

    @AfterEach
    void close() {
        belay.close();
    }

    @Test
    void readsWhoPressedWhat() {
        SlackMessage.Press press = press(Verb.PAUSE);

        Interaction interaction = Interaction.of(body(press));

        assertThat(interaction)
                .isEqualTo(new Interaction(
                        "U024BE7LH",
                        "ada",
                        "1700000000.1",
                        URI.create("https://hooks.slack.com/actions/x"),
                        List.of(press)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "payload", "payload=", "payload=%7B", "payload=%ZZ", "{}", "x=y&payload={}"})
    void refusesWhatIsNoForm(String body) {
        assertThatIllegalArgumentException().isThrownBy(() -> Interaction.of(body.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void linksAndOtherInteractionsDoNothing() {
        assertThat(Interaction.of("payload={\"type\":\"block_actions\",\"actions\":[{\"action_id\":\"open-0\"}]}"
                                .getBytes(StandardCharsets.UTF_8))
                        .presses())
                .isEmpty();
        assertThat(Interaction.of("payload={\"type\":\"view_submission\",\"actions\":[{\"value\":\"x\"}]}"
                                .getBytes(StandardCharsets.UTF_8))
                        .presses())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "PAUSE, /api/v1/rollouts/shop/production/new-checkout/3/pause",
        "RESUME, /api/v1/rollouts/shop/production/new-checkout/3/resume",
        "ROLL_BACK, /api/v1/rollbacks",
        "ACKNOWLEDGE, /api/v1/incidents/shop/production/new-checkout#3#segment:country=New Zealand/acknowledge"
    })
    void asksTheOwnerWithTheKeyOfWhoeverPressed(Verb verb, String path) {
        Commands.Done done = commands().perform(press(verb), KEY, "ada", "press-1");

        assertThat(done.isDone()).isTrue();
        assertThat(belay.received()).singleElement().satisfies(received -> {
            assertThat(received.path()).isEqualTo(path);
            assertThat(received.header("Authorization")).isEqualTo("Bearer " + KEY);
            assertThat(received.header("Idempotency-Key")).isEqualTo("press-1");
            assertThat(received.json().path("reason").asText()).endsWith("pressed in Slack by ada");
            assertThat(received.json().has("expectedVersion")).isEqualTo(verb == Verb.RESUME);
            assertThat(received.json().has("flag")).isEqualTo(verb == Verb.ROLL_BACK);
        });
    }

    @ParameterizedTest
    @CsvSource({
        "401, your key is unknown",
        "403, you may not do this here",
        "404, there is no such thing",
        "409, it has changed since this message",
        "412, it has changed since this message",
        "500, Belay answered 500"
    })
    void saysWhyNothingWasDone(int status, String words) {
        belay.replyFirst(Receiver.Reply.of(status, "{\"detail\":\"" + KEY + "\"}"));

        Commands.Done done = commands().perform(press(Verb.RESUME), KEY, "ada", "press-1");

        assertThat(done.isDone()).isFalse();
        assertThat(done.sentence()).contains(words).doesNotContain(KEY);
    }

    @Test
    void withoutAnAddressNothingIsDone() {
        assertThat(new Commands(Optional.empty())
                        .perform(press(Verb.PAUSE), KEY, "ada", "press-1")
                        .isDone())
                .isFalse();
    }

    private Commands commands() {
        return new Commands(Optional.of(URI.create(belay.base() + "/")));
    }

    private static SlackMessage.Press press(Verb verb) {
        return new SlackMessage.Press(verb, "shop", "production", "new-checkout", 3, 9L, INCIDENT);
    }

    private static byte[] body(SlackMessage.Press press) {
        String payload = "{\"type\":\"block_actions\",\"user\":{\"id\":\"U024BE7LH\",\"username\":\"ada\"},"
                + "\"container\":{\"message_ts\":\"1700000000.1\",\"channel_id\":\"C024BE91L\"},"
                + "\"response_url\":\"https://hooks.slack.com/actions/x\",\"actions\":[{\"action_id\":\"PAUSE\","
                + "\"value\":" + Json.write(Json.write(press)) + "}]}";
        return ("payload=" + URLEncoder.encode(payload, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
    }
}
