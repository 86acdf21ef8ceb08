// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.channels;

import java.time.Instant;

import dev.belay.manifest.ChannelDocument;
import dev.belay.notifier.decision.Destination;

/**
 * A channel as people see it.
 *
 * @param project name of the project
 * @param name what templates call it
 * @param type how it is spoken to
 * @param url scheme and host; the rest is a secret and masked
 * @param version rises with every change, from 1
 * @param updatedAt when this version was written
 */
public record Channel(
        String project, String name, ChannelDocument.Type type, String url, long version, Instant updatedAt) {

    static Channel of(ChannelRow row) {
        return new Channel(
                row.project, row.name, row.type, Destination.masked(row.address()), row.version, row.updatedAt);
    }
}
