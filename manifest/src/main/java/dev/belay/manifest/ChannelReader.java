// SPDX-License-Identifier: Apache-2.0
package dev.belay.manifest;

import java.net.URI;
import java.util.Set;

import dev.belay.contracts.Require;
import org.jspecify.annotations.Nullable;

/** Reads the spec of a channel. Its address is a secret: no refusal shows more than the host. */
final class ChannelReader {
    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");

    private ChannelReader() {}

    static @Nullable ChannelDocument read(String name, Place place) {
        Fields spec = place.object();
        String project = spec.take("project").name();
        ChannelDocument.Type type = spec.take("type").oneOf(Choices.of(ChannelDocument.Type.class));
        URI url = url(spec.take("url"));
        return spec.make(
                () -> new ChannelDocument(project, name, Require.nonNull(type, "type"), Require.nonNull(url, "url")));
    }

    private static @Nullable URI url(Place place) {
        if (!place.isText()) {
            place.refuse(place.isGiven() ? "must be text" : "is required", null);
            return null;
        }
        try {
            URI url = URI.create(place.text());
            if (isAllowed(url)) {
                return url;
            }
            place.refuse("must start with https:// and name a host", url.getScheme() + "://" + url.getHost());
        } catch (IllegalArgumentException e) {
            place.refuse("must be a URL", "another text");
        }
        return null;
    }

    /** Without encryption only to this machine, where tests and the demo listen. */
    private static boolean isAllowed(URI url) {
        String host = url.getHost();
        return host != null
                && url.getUserInfo() == null
                && ("https".equalsIgnoreCase(url.getScheme())
                        || ("http".equalsIgnoreCase(url.getScheme()) && THIS_MACHINE.contains(host)));
    }
}
