// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.deliveries;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

import com.sun.net.httpserver.HttpServer;
import dev.belay.notifier.Receiver;
import dev.belay.notifier.channels.Destinations;
import dev.belay.notifier.decision.Answer;
import dev.belay.notifier.decision.Destination;
import io.vertx.core.Vertx;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class PostsTest {
    private static final Vertx VERTX = Vertx.vertx();
    private static final Destination.Policy OPEN = new Destination.Policy(true, Set.of());
    private static final Destination.Policy STRICT = new Destination.Policy(false, Set.of("*"));
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private Receiver receiver;

    @BeforeEach
    void open() throws IOException {
        receiver = new Receiver();
    }

    @AfterEach
    void close() {
        receiver.close();
    }

    @AfterAll
    static void end() {
        VERTX.close();
    }

    @Test
    void sendsTheBytesAndReadsTheAnswer() {
        Answer answer = posts(OPEN).post(letter(receiver.url() + "?x=y", "{\"text\":\"ü\"}"));

        assertThat(answer).isEqualTo(new Answer.Answered(200, "ok", null));
        assertThat(receiver.received()).singleElement().satisfies(received -> {
            assertThat(received.text()).isEqualTo("{\"text\":\"ü\"}");
            assertThat(received.header("Content-Type")).isEqualTo("application/json; charset=utf-8");
        });
    }

    /** What a name service says now and a moment later may differ: the address that was checked is the one that counts. */
    @Test
    void connectsToTheAddressThatWasCheckedAndAsksForItOnce() {
        AtomicInteger asked = new AtomicInteger();
        Destinations destinations = new Destinations(OPEN, host -> {
            asked.incrementAndGet();
            return List.of(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
        });

        Answer answer = new Posts(destinations, VERTX)
                .post(letter("http://rebinding.invalid:" + receiver.port() + "/in", "{}"));

        assertThat(answer).isEqualTo(new Answer.Answered(200, "ok", null));
        assertThat(asked).hasValue(1);
        assertThat(receiver.received().get(0).header("Host")).isEqualTo("rebinding.invalid:" + receiver.port());
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.7", "169.254.169.254", "127.0.0.1", "::1", "fd00::1", "100.64.3.4"})
    void connectsToNoAddressOfAPrivateNetworkWhateverItIsCalled(String address) {
        Destinations destinations = new Destinations(
                STRICT, host -> List.of(InetAddress.getByName("1.1.1.1"), InetAddress.getByName(address)));

        assertThat(new Posts(destinations, VERTX).post(letter("https://friendly.example/in", "{}")))
                .isEqualTo(new Answer.Refused("the channel's url must not lead to an address of a private network"));
    }

    @Test
    void aNameThatIsNotKnownMayBeKnownLater() {
        Destinations destinations = new Destinations(STRICT, host -> {
            throw new UnknownHostException(host);
        });

        assertThat(new Posts(destinations, VERTX).post(letter("https://friendly.example/in", "{}")))
                .isEqualTo(new Answer.Unreachable("no answer: the host is not known"));
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void aRedirectIsAnAnswerAndIsNotFollowed(int status) {
        receiver.replyFirst(
                new Receiver.Reply(status, "", Map.of("Location", "http://169.254.169.254/latest/meta-data/")));

        assertThat(posts(OPEN).post(letter(receiver.url(), "{}"))).isEqualTo(new Answer.Answered(status, "", null));
        assertThat(receiver.received()).hasSize(1);
    }

    @Test
    void readsHowLongToWait() {
        receiver.replyFirst(new Receiver.Reply(429, "rate_limited", Map.of("Retry-After", "30")));

        assertThat(posts(OPEN).post(letter(receiver.url(), "{}")))
                .isEqualTo(new Answer.Answered(429, "rate_limited", Duration.ofSeconds(30)));
    }

    @Test
    void aConnectionThatIsClosedWithoutAnAnswerIsNoAnswer() {
        receiver.replyFirst(Receiver.Reply.RESET);

        assertThat(posts(OPEN).post(letter(receiver.url(), "{}")))
                .isEqualTo(new Answer.Unreachable("no answer: the connection failed or was reset"));
    }

    @Test
    void nobodyThereIsNoAnswer() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }

        assertThat(posts(OPEN).post(letter("http://127.0.0.1:" + port + "/secret", "{}")))
                .isEqualTo(new Answer.Unreachable("no answer: the connection failed or was reset"));
    }

    @Test
    void whoAnswersTooLateIsNotWaitedFor() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Letter letter = new Letter(
                    URI.create("http://127.0.0.1:" + silent.getLocalPort() + "/secret"),
                    Map.of(),
                    new byte[] {'{', '}'},
                    Duration.ofSeconds(1));

            assertThat(posts(OPEN).post(letter)).isEqualTo(new Answer.Unreachable("no answer within 1 s"));
            try (Socket abandoned = silent.accept()) {
                assertThat(abandoned.isConnected()).isTrue();
            }
        }
    }

    @Test
    void anAnswerWithoutEndIsReadToSixtyFourKilobytes() throws IOException {
        HttpServer endless = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        endless.createContext("/", exchange -> {
            try (exchange) {
                exchange.getRequestBody().readAllBytes();
                exchange.sendResponseHeaders(200, 0);
                byte[] part = "x".repeat(8192).getBytes(StandardCharsets.US_ASCII);
                while (!Thread.currentThread().isInterrupted()) {
                    exchange.getResponseBody().write(part);
                }
            } catch (IOException e) {
                // The reader has gone, as it should.
                assertThat(e).isNotNull();
            }
        });
        endless.start();
        try {
            Answer answer = posts(OPEN)
                    .post(letter("http://127.0.0.1:" + endless.getAddress().getPort() + "/", "{}"));

            assertThat(answer).isInstanceOfSatisfying(Answer.Answered.class, answered -> assertThat(answered.text())
                    .hasSize(64 * 1024));
        } finally {
            endless.stop(0);
        }
    }

    private static Posts posts(Destination.Policy policy) {
        return new Posts(new Destinations(policy, host -> List.of(InetAddress.getAllByName(host))), VERTX);
    }

    private static Letter letter(String url, String body) {
        return new Letter(URI.create(url), Map.of(), body.getBytes(StandardCharsets.UTF_8), PATIENCE);
    }
}
