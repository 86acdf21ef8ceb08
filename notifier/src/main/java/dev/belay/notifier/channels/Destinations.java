// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.channels;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import dev.belay.notifier.decision.Destination;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Asks the name service where an address leads before anything is sent there. Whoever sends then connects to the very
 * address that was checked: the name is not asked for again.
 */
@ApplicationScoped
public class Destinations {
    private final Destination.Policy policy;
    private final Names names;

    /** Tells which addresses a name stands for. */
    public interface Names {
        /** @throws UnknownHostException if it is not known now */
        List<InetAddress> addresses(String host) throws UnknownHostException;
    }

    @Inject
    Destinations(
            @ConfigProperty(name = "belay.notifier.allow-private-addresses", defaultValue = "false")
                    boolean allowPrivate,
            @ConfigProperty(name = "belay.notifier.receivers") Optional<Set<String>> receivers) {
        this(
                new Destination.Policy(allowPrivate, receivers.orElse(Set.of())),
                host -> List.of(InetAddress.getAllByName(host)));
    }

    /** Destinations of a policy, by names of one's own. */
    public Destinations(Destination.Policy policy, Names names) {
        this.policy = policy;
        this.names = names;
    }

    /** Returns which rule an address breaks, if it breaks one. A name that is not known now breaks none. */
    public Optional<String> refusal(URI url) {
        Optional<String> written = Destination.refusal(url, policy);
        if (written.isPresent()) {
            return written;
        }
        try {
            return Destination.refusal(names.addresses(Destination.host(url)), policy);
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    /**
     * Returns the address to connect to.
     *
     * @throws UnknownHostException if the name is not known now
     * @throws IllegalArgumentException if a rule is broken; its message is the rule
     */
    public InetAddress checked(URI url) throws UnknownHostException {
        Destination.refusal(url, policy).ifPresent(Destinations::refuse);
        List<InetAddress> addresses = names.addresses(Destination.host(url));
        Destination.refusal(addresses, policy).ifPresent(Destinations::refuse);
        if (addresses.isEmpty()) {
            throw new UnknownHostException("no address");
        }
        return addresses.get(0);
    }

    private static void refuse(String rule) {
        throw new IllegalArgumentException(rule);
    }
}
