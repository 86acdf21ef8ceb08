// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.decision;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class DestinationTest {
    private static final Destination.Policy STRICT = new Destination.Policy(false, Set.of("*"));
    private static final Destination.Policy OPEN = new Destination.Policy(true, Set.of());
    private static final Destination.Policy USUAL =
            new Destination.Policy(false, Set.of("*.example.com", "own.example"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "10.1.2.3",
                "100.64.0.1",
                "127.0.0.1",
                "169.254.169.254",
                "172.16.0.1",
                "192.0.0.1",
                "192.0.2.1",
                "192.168.1.1",
                "198.18.0.1",
                "198.51.100.7",
                "203.0.113.9",
                "224.0.0.1",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::ffff:127.0.0.1",
                "::ffff:10.0.0.1",
                "fe80::1",
                "fc00::1",
                "fd12::1",
                "64:ff9b::a00:1",
                "2002:a00:1::1",
                "2001:0:1::1",
                "2001:db8::1",
                "ff02::1"
            })
    void refusesAddressesThatAreNotPublic(String address) throws UnknownHostException {
        assertThat(Destination.refusal(List.of(InetAddress.getByName(address)), STRICT))
                .isPresent();
        assertThat(Destination.refusal(List.of(InetAddress.getByName(address)), OPEN))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.1.1.1", "100.63.0.1", "100.128.0.1", "172.32.0.1", "198.20.0.1", "2606:4700::1111"})
    void allowsPublicOnes(String address) throws UnknownHostException {
        assertThat(Destination.refusal(List.of(InetAddress.getByName(address)), STRICT))
                .isEmpty();
    }

    @Test
    void onePrivateAddressSpoilsAll() throws UnknownHostException {
        assertThat(Destination.refusal(
                        List.of(InetAddress.getByName("1.1.1.1"), InetAddress.getByName("10.0.0.1")), STRICT))
                .isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://hooks.example/x",
                "ftp://hooks.example/x",
                "https:///x",
                "https://user:secret@hooks.example/x",
                "x",
                "https://hooks.example:8443/x",
                "https://hooks.example:22/x"
            })
    void refusesAddressesThatAreNotWrittenAsTheyMust(String url) {
        assertThat(Destination.refusal(URI.create(url), STRICT)).isPresent();
    }

    @Test
    void allowsPlainHttpOnlyWithPrivateAddresses() {
        assertThat(Destination.refusal(URI.create("https://hooks.example/x"), STRICT))
                .isEmpty();
        assertThat(Destination.refusal(URI.create("http://127.0.0.1:8080/x"), OPEN))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://hooks.slack.com/services/T0/B0/x",
                "https://HOOKS.slack.com:443/services",
                "https://slack.com/api/",
                "https://events.pagerduty.com/v2/enqueue",
                "https://a.b.example.com/in",
                "https://own.example/in"
            })
    void allowsSlackPagerDutyAndWhatTheOperatorNames(String url) {
        assertThat(Destination.refusal(URI.create(url), USUAL)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://example.com/in",
                "https://evilexample.com/in",
                "https://hooks.slack.com.evil.example/in",
                "https://own.example.evil/in",
                "https://169.254.169.254/latest/meta-data"
            })
    void allowsNoOtherHost(String url) {
        assertThat(Destination.refusal(URI.create(url), USUAL))
                .contains("must lead to Slack, PagerDuty or a host of belay.notifier.receivers");
    }

    @Test
    void showsNoSecret() {
        assertThat(Destination.masked(URI.create("https://hooks.slack.com/services/T0/B0/secret?x=y")))
                .isEqualTo("https://hooks.slack.com/***");
    }
}
