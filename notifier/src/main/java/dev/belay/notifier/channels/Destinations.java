// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.channels;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;

import dev.belay.notifier.decision.Destination;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Asks the name service where an address leads before anything is sent there.
 *
 * <p>Asked right before each connection: the JVM keeps an answer for some seconds, so that the connection is made to the
 * addresses that were checked.
 */
@ApplicationScoped
public class Destinations {
    private final boolean allowPrivate;

    Destinations(
            @ConfigProperty(name = "belay.notifier.allow-private-addresses", defaultValue = "false")
                    boolean allowPrivate) {
        this.allowPrivate = allowPrivate;
    }

    /** Returns which rule an address breaks, if it breaks one. A name that is not known now breaks none. */
    public Optional<String> refusal(URI url) {
        return Destination.refusal(url, allowPrivate).or(() -> Destination.refusal(addresses(url), allowPrivate));
    }

    private static List<InetAddress> addresses(URI url) {
        try {
            return List.of(InetAddress.getAllByName(Destination.host(url)));
        } catch (UnknownHostException e) {
            return List.of();
        }
    }
}
