// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.decision;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * Which addresses a message may be sent to. Whoever may write a channel must not be able to reach into the network the
 * notifier runs in, so only HTTPS to public addresses is allowed unless the operator says otherwise.
 */
public final class Destination {
    private static final int BYTE = 0xff;

    private Destination() {}

    /**
     * Returns what is wrong with an address as it is written, if anything is.
     *
     * @param allowPrivate whether HTTP and addresses of the own network are allowed
     */
    public static Optional<String> refusal(URI url, boolean allowPrivate) {
        String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("https") && !(allowPrivate && scheme.equals("http"))) {
            return Optional.of("must begin with https://");
        }
        if (url.getHost() == null || url.getHost().isBlank()) {
            return Optional.of("must name a host");
        }
        return url.getUserInfo() == null ? Optional.empty() : Optional.of("must not hold a user or password");
    }

    /**
     * Returns what is wrong with the addresses a host name stands for, if anything is: one that is not public spoils all.
     *
     * @param allowPrivate whether addresses of the own network are allowed
     */
    public static Optional<String> refusal(List<InetAddress> addresses, boolean allowPrivate) {
        boolean fine = allowPrivate || addresses.stream().allMatch(Destination::isPublic);
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
