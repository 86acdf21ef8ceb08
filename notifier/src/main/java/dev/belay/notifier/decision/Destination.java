// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.decision;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Which addresses a message may be sent to. Whoever may write a channel must not be able to reach into the network the
 * notifier runs in, so only HTTPS to public addresses of known hosts is allowed unless the operator says otherwise.
 */
public final class Destination {
    /** Where Slack and PagerDuty listen. */
    public static final Set<String> KNOWN_HOSTS = Set.of(
            "hooks.slack.com",
            "hooks.slack-gov.com",
            "slack.com",
            "slack-gov.com",
            "events.pagerduty.com",
            "events.eu.pagerduty.com");

    private static final int BYTE = 0xff;
    private static final int HTTPS = 443;
    private static final String ANY = "*";

    private Destination() {}

    /**
     * What the operator allows.
     *
     * @param allowPrivate whether HTTP, any port and addresses of the own network are allowed, and so any host
     * @param receivers further hosts: names, {@code *.example.com} for all below one, {@code *} for any
     */
    public record Policy(boolean allowPrivate, Set<String> receivers) {
        public Policy {
            receivers = Set.copyOf(receivers);
        }

        private boolean allows(String host) {
            String name = host.toLowerCase(Locale.ROOT);
            return allowPrivate
                    || KNOWN_HOSTS.contains(name)
                    || receivers.stream().anyMatch(receiver -> isBelow(name, receiver.toLowerCase(Locale.ROOT)));
        }

        private static boolean isBelow(String host, String receiver) {
            boolean isWild = receiver.startsWith(ANY + ".");
            return receiver.equals(ANY)
                    || (isWild ? host.endsWith(receiver.substring(ANY.length())) : host.equals(receiver));
        }
    }

    /** Returns what is wrong with an address as it is written, if anything is. */
    public static Optional<String> refusal(URI url, Policy policy) {
        String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("https") && !(policy.allowPrivate() && scheme.equals("http"))) {
            return Optional.of("must begin with https://");
        }
        if (url.getHost() == null || url.getHost().isBlank()) {
            return Optional.of("must name a host");
        }
        if (url.getUserInfo() != null) {
            return Optional.of("must not hold a user or password");
        }
        if (!policy.allowPrivate() && url.getPort() != -1 && url.getPort() != HTTPS) {
            return Optional.of("must lead to port " + HTTPS);
        }
        return policy.allows(host(url))
                ? Optional.empty()
                : Optional.of("must lead to Slack, PagerDuty or a host of belay.notifier.receivers");
    }

    /** Returns what is wrong with the addresses a host name stands for, if anything is: one that is not public spoils all. */
    public static Optional<String> refusal(List<InetAddress> addresses, Policy policy) {
        boolean fine = policy.allowPrivate() || addresses.stream().allMatch(Destination::isPublic);
        return fine ? Optional.empty() : Optional.of("must not lead to an address of a private network");
    }

    /** Returns the address without what makes it a secret: scheme and host. */
    public static String masked(URI url) {
        return url.getScheme() + "://" + url.getHost() + "/***";
    }

    static boolean isPublic(InetAddress address) {
        if (address.isAnyLocalAddress()
                || address.isLoopbackAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()) {
            return false;
        }
        byte[] bytes = address.getAddress();
        return address instanceof Inet4Address ? isPublic4(bytes) : address instanceof Inet6Address && isPublic6(bytes);
    }

    /** RFC 6890: this network, carrier-grade NAT, protocol assignments, documentation, benchmarking, reserved. */
    private static boolean isPublic4(byte[] bytes) {
        int first = bytes[0] & BYTE;
        int second = bytes[1] & BYTE;
        int third = bytes[2] & BYTE;
        return first != 0
                && first < 240
                && !(first == 100 && second >= 64 && second < 128)
                && !(first == 192 && second == 0 && (third == 0 || third == 2))
                && !(first == 198 && (second == 18 || second == 19 || (second == 51 && third == 100)))
                && !(first == 203 && second == 0 && third == 113);
    }

    /** Global unicast only, without the ranges that embed or tunnel to other addresses. */
    private static boolean isPublic6(byte[] bytes) {
        int first = bytes[0] & BYTE;
        int second = bytes[1] & BYTE;
        boolean global = (first & 0xe0) == 0x20;
        boolean sixToFour = first == 0x20 && second == 0x02;
        boolean special = first == 0x20 && second == 0x01 && (bytes[2] & BYTE) < 2;
        boolean documentation =
                first == 0x20 && second == 0x01 && (bytes[2] & BYTE) == 0x0d && (bytes[3] & BYTE) == 0xb8;
        return global && !sixToFour && !special && !documentation;
    }

    /** Returns how the host of an address is written, without the brackets of an IPv6 address. */
    public static String host(URI url) {
        @Nullable String host = url.getHost();
        return host == null ? "" : host.replace("[", "").replace("]", "");
    }
}
