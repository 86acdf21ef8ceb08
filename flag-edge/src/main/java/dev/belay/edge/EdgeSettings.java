// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import dev.belay.contracts.Require;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * Settings of an edge.
 *
 * @param name the edge's name in what it reports, {@code belay.edge.name}; by default the host's with a random end
 * @param reportEvery time between two reports of one flag, {@code belay.edge.report-every}, above zero
 * @param lastKnownGood folder of what it served last, {@code belay.edge.last-known-good}; empty for none
 * @param streamHeartbeat time between two signs of life of a stream, {@code belay.edge.stream-heartbeat}, above zero
 * @param origins web pages that may call with a key, {@code belay.edge.origins}: origins, or {@code *} for any
 */
public record EdgeSettings(
        String name,
        Duration reportEvery,
        Optional<Path> lastKnownGood,
        Duration streamHeartbeat,
        List<String> origins) {
    private static final int RANDOM_DIGITS = 6;
    private static final int MAX_HOST = 80;

    /** @throws IllegalArgumentException if a value is out of range */
    public EdgeSettings {
        Require.name(name, "belay.edge.name");
        requirePositive(reportEvery, "belay.edge.report-every");
        requirePositive(streamHeartbeat, "belay.edge.stream-heartbeat");
        origins = List.copyOf(origins);
    }

    /** Returns what MicroProfile Config says. */
    public static EdgeSettings configured() {
        Config config = ConfigProvider.getConfig();
        return new EdgeSettings(
                config.getOptionalValue("belay.edge.name", String.class).orElseGet(EdgeSettings::generatedName),
                config.getValue("belay.edge.report-every", Duration.class),
                config.getOptionalValue("belay.edge.last-known-good", String.class)
                        .map(Path::of),
                config.getValue("belay.edge.stream-heartbeat", Duration.class),
                config.getOptionalValues("belay.edge.origins", String.class).orElse(List.of()));
    }

    private static void requirePositive(Duration value, String field) {
        Require.that(!value.isNegative() && !value.isZero(), field, "must be positive", value);
    }

    private static String generatedName() {
        String host = host().replaceAll("[^A-Za-z0-9._-]", "-").replaceAll("^[^A-Za-z0-9]+", "");
        String start = host.isEmpty() ? "edge" : host.substring(0, Math.min(host.length(), MAX_HOST));
        return start + "-" + UUID.randomUUID().toString().substring(0, RANDOM_DIGITS);
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "edge";
        }
    }
}
