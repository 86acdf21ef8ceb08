// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.channels;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import dev.belay.manifest.ChannelDocument;
import dev.belay.notifier.decision.Destination;
import org.jspecify.annotations.Nullable;

/**
 * A channel as people see it.
 *
 * @param project name of the project
 * @param name what templates call it
 * @param type how it is spoken to
 * @param url scheme and host; the rest is a secret and masked
 * @param channel Slack channel a bot posts to; null for other types
 * @param credentials names of what proves who speaks, and how many where there may be several; never what they are
 * @param people ids of the Slack users who may press buttons
 * @param hears what it is told of, and when
 * @param disabled why nothing is sent to it until it is written again; null when something is
 * @param version rises with every change, from 1
 * @param updatedAt when this version was written
 */
public record Channel(
        String project,
        String name,
        ChannelDocument.Type type,
        String url,
        @Nullable String channel,
        List<String> credentials,
        List<String> people,
        ChannelDocument.Hears hears,
        @Nullable String disabled,
        long version,
        Instant updatedAt) {

    static Channel of(ChannelRow row) {
        ChannelDocument document = row.document();
        return new Channel(
                row.project,
                row.name,
                row.type,
                Destination.masked(document.url()),
                document.room(),
                names(document.secrets()),
                document.secrets().people().keySet().stream().sorted().toList(),
                document.hears(),
                row.disabledReason,
                row.version,
                row.updatedAt);
    }

    private static List<String> names(ChannelDocument.Secrets secrets) {
        List<String> names = new ArrayList<>();
        if (secrets.token() != null) {
            names.add("token");
        }
        if (secrets.signing() != null) {
            names.add("signingSecret");
        }
        if (secrets.routingKey() != null) {
            names.add("routingKey");
        }
        if (!secrets.webhook().isEmpty()) {
            names.add("keys: " + secrets.webhook().size());
        }
        return names;
    }
}
